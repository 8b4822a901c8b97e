# Calibration, decision curves and intervals of proportions by R's stats package: glm, binom.test, prop.test; the sums written out.
#   Rscript test/generate/r_calibration.R      (R 4.2 with jsonlite; run in the repository root)
# Writes test/golden/r-calibration.json.
library(jsonlite)
set.seed(20261201)

ece <- function(y, p, k) {
  width <- cut(p, seq(0, 1, length.out = k + 1), labels = FALSE, right = FALSE, include.lowest = TRUE)
  sum(sapply(split(seq_along(y), width), function(i) length(i) / length(y) * abs(mean(y[i]) - mean(p[i]))))
}
one <- function(y, p) {
  x <- qlogis(p)
  exactly <- glm.control(epsilon = 1e-15, maxit = 100)
  # glm's standard errors are those of the step before the last: a second fit starts where the first ended.
  twice <- function(formula) {
    first <- glm(formula, family = binomial, control = exactly)
    summary(glm(formula, family = binomial, control = exactly, start = coef(first)))$coefficients
  }
  line <- twice(y ~ x)
  shift <- twice(y ~ 1 + offset(x))
  t <- c(0.05, 0.1, 0.25, 0.5, 0.8)
  list(y = y, p = p, intercept = line[1, 1:2], slope = line[2, 1:2], large = shift[1, 1:2], brier = mean((y - p)^2), ece = ece(y, p, 10),
       z = sum((y - p) * (1 - 2 * p)) / sqrt(sum((1 - 2 * p)^2 * p * (1 - p))), thresholds = t,
       netBenefit = sapply(t, function(t) mean(y == 1 & p >= t) - mean(y == 0 & p >= t) * t / (1 - t)))
}
cohorts <- list()
for (n in c(18, 56, 200)) for (spread in c(0.7, 1, 2.5)) {
  x <- rnorm(n, -1, 1.2)
  y <- as.numeric(runif(n) < plogis(x))
  if (n == 18) y[c(1, 2)] <- c(0, 1)
  cohorts[[length(cohorts) + 1]] <- one(y, round(plogis(0.4 + spread * x + rnorm(n, 0, 0.5)), 6))
}
proportions <- list()
for (kn in list(c(0, 10), c(10, 10), c(1, 10), c(9, 10), c(31, 46), c(5, 9), c(0, 1), c(1, 1), c(500, 1000), c(3, 2000))) for (confidence in c(0.95, 0.9)) {
  proportions[[length(proportions) + 1]] <- list(k = kn[1], n = kn[2], confidence = confidence,
    exact = as.numeric(binom.test(kn[1], kn[2], conf.level = confidence)$conf.int),
    wilson = as.numeric(suppressWarnings(prop.test(kn[1], kn[2], conf.level = confidence, correct = FALSE))$conf.int))
}
golden <- list(
  provenance = list(tool = "R stats", version = R.version.string, script = "test/generate/r_calibration.R", date = "2026-11-23", seed = 20261201),
  cohorts = cohorts, proportions = proportions
)
write(toJSON(golden, auto_unbox = TRUE, digits = I(17)), "test/golden/r-calibration.json")
