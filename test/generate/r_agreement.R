# Agreement of readers by R's psych package (ICC) and stats; Bland and Altman's limits written out.
#   Rscript test/generate/r_agreement.R      (R 4.2 with jsonlite and psych; run in the repository root)
# Writes test/golden/r-agreement.json. Shrout and Fleiss's own example comes first.
library(jsonlite)
suppressMessages(library(psych))
set.seed(20261205)

shrout <- rbind(c(9, 2, 5, 8), c(6, 1, 3, 2), c(8, 4, 6, 8), c(7, 1, 2, 6), c(10, 5, 6, 9), c(6, 2, 4, 7))
readings <- function(n, k, spread, bias) round(matrix(rnorm(n, 20, 5), n, k) + rep(bias * (1:k), each = n) + rnorm(n * k, 0, spread), 2)
one <- function(x) {
  r <- ICC(x, lmer = FALSE)$results
  of <- function(type) as.numeric(r[r$type == type, c("ICC", "lower bound", "upper bound")])
  c3 <- r[r$type == "ICC3", ]
  list(x = x, icc21 = of("ICC2"), icc31 = of("ICC3"), f = c3$F, df = c(c3$df1, c3$df2), p = c3$p)
}
pairs <- list()
for (n in c(5, 30)) {
  x <- readings(n, 2, 1.5, 0.8)
  d <- x[, 1] - x[, 2]
  t <- t.test(x[, 1], x[, 2], paired = TRUE)
  se <- sd(d) * sqrt(1 / n + 1.96^2 / (2 * (n - 1)))
  upper <- mean(d) + 1.96 * sd(d); lower <- mean(d) - 1.96 * sd(d)
  pairs[[length(pairs) + 1]] <- list(x = x, bias = mean(d), biasCi = as.numeric(t$conf.int), p = t$p.value, sd = sd(d), lower = c(lower, lower + c(-1, 1) * qt(0.975, n - 1) * se), upper = c(upper, upper + c(-1, 1) * qt(0.975, n - 1) * se))
}
golden <- list(
  provenance = list(tool = "R psych, stats", version = paste(packageVersion("psych"), R.version.string), script = "test/generate/r_agreement.R", date = "2026-11-23", seed = 20261205),
  icc = list(one(shrout), one(readings(20, 2, 2, 0)), one(readings(12, 3, 1, 2)), one(readings(30, 2, 12, 0))), pairs = pairs
)
write(toJSON(golden, auto_unbox = TRUE, digits = I(17)), "test/golden/r-agreement.json")
