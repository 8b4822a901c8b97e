# Partial areas, unpaired DeLong tests, reclassification (IDI by t.test, NRI written out) and McNemar's test by pROC and R's stats package.
#   Rscript test/generate/r_discrimination.R      (R 4.2 with pROC, jsonlite; run in the repository root)
# Writes test/golden/r-discrimination.json.
library(jsonlite)
suppressMessages(library(pROC))
set.seed(20261202)

ranges <- list(list(axis = "specificity", from = 0.9, to = 1), list(axis = "specificity", from = 0.35, to = 0.8), list(axis = "sensitivity", from = 0.85, to = 1), list(axis = "sensitivity", from = 0, to = 0.5))
curves <- list()
for (n in c(18, 56, 200)) for (digits in c(5, 1)) {
  y <- rbinom(n, 1, 0.3); y[1:2] <- c(0, 1)
  s <- round(rnorm(n) + y, digits)
  r <- roc(y, s, direction = "<", quiet = TRUE)
  area <- function(range, correct) as.numeric(auc(r, partial.auc = c(range$from, range$to), partial.auc.focus = range$axis, partial.auc.correct = correct, allow.invalid.partial.auc.correct = TRUE))
  curves[[length(curves) + 1]] <- list(y = y, s = s, ranges = lapply(ranges, function(range) c(range, area = area(range, FALSE), standardised = area(range, TRUE))))
}
unpaired <- list()
for (pair in list(c(3, 1), c(4, 2), c(5, 6), c(3, 6))) {
  a <- curves[[pair[1]]]; b <- curves[[pair[2]]]
  t <- roc.test(roc(a$y, a$s, direction = "<", quiet = TRUE), roc(b$y, b$s, direction = "<", quiet = TRUE), method = "delong", paired = FALSE)
  unpaired[[length(unpaired) + 1]] <- list(a = pair[1] - 1, b = pair[2] - 1, t = as.numeric(t$statistic), df = as.numeric(t$parameter), p = as.numeric(t$p.value))
}
discordant <- list()
for (k in list(c(1, 9), c(0, 6), c(12, 5), c(3, 3), c(4, 5), c(40, 71), c(1, 0), c(300, 420))) {
  t <- mcnemar.test(matrix(c(10, k[1], k[2], 10), 2))
  discordant[[length(discordant) + 1]] <- list(a = k[1], b = k[2], exact = binom.test(k[1], sum(k))$p.value, chi2 = as.numeric(t$statistic), p = as.numeric(t$p.value))
}
reclassified <- list()
for (n in c(18, 74)) {
  y <- rbinom(n, 1, 0.4); y[1:4] <- c(0, 1, 0, 1)
  old <- round(plogis(rnorm(n) + 0.5 * y - 1), 3); new <- round(plogis(rnorm(n) + y - 1), 3); new[3] <- old[3]
  d <- new - old
  category <- function(p) (p >= 0.2) + (p >= 0.5)
  nri <- function(s) c(mean(s[y == 1]) - mean(s[y == 0]), sqrt(mean((s[y == 1] - mean(s[y == 1]))^2) / sum(y == 1) + mean((s[y == 0] - mean(s[y == 0]))^2) / sum(y == 0)))
  t <- t.test(d[y == 1], d[y == 0])
  reclassified[[length(reclassified) + 1]] <- list(y = y, old = old, new = new, thresholds = c(0.2, 0.5), nri = nri(sign(d)), nriCategories = nri(sign(category(new) - category(old))), idi = c(as.numeric(t$estimate[1] - t$estimate[2]), t$stderr))
}
golden <- list(
  provenance = list(tool = "pROC, R stats", version = paste(packageVersion("pROC"), R.version.string), script = "test/generate/r_discrimination.R", date = "2026-11-23", seed = 20261202),
  curves = curves, unpaired = unpaired, discordant = discordant, reclassified = reclassified
)
write(toJSON(golden, auto_unbox = TRUE, digits = I(17)), "test/golden/r-discrimination.json")
