# Tables of counts and two-group descriptions by R's stats package: pchisq, chisq.test, fisher.test, quantile, sd, p.adjust.
#   Rscript test/generate/r_tables.R      (R 4.2 with jsonlite; run in the repository root)
# Writes test/golden/r-tables.json. Standardised mean differences are Yang & Dalton's formula, with R's solve().
library(jsonlite)
set.seed(20261130)

tails <- list()
for (df in c(1, 2, 3, 4, 10, 30, 300)) for (x in c(1e-3, 0.487, 3.84, 11, 30, 200, 900)) {
  tails[[length(tails) + 1]] <- list(x = x, df = df, p = pchisq(x, df, lower.tail = FALSE))
}
# Counts by row (groups) of the paper's Table S2 first, then random tables, sparse and with empty rows and columns.
paper <- list(
  sex = rbind(c(24, 22), c(4, 6)), symptom = rbind(c(23, 23), c(9, 1)), diameter = rbind(c(23, 23), c(1, 9)),
  location = rbind(c(16, 14, 4, 12), c(5, 2, 1, 2)), property = rbind(c(0, 18, 28), c(1, 6, 3)), calcification = rbind(c(38, 8), c(7, 3)),
  shape = rbind(c(29, 11, 6), c(2, 4, 4)), boundary = rbind(c(32, 14), c(4, 6)), vessel = rbind(c(42, 4), c(9, 1)), duct = rbind(c(39, 7), c(5, 5)),
  atrophy = rbind(c(36, 10), c(7, 3)), morphology = rbind(c(41, 5, 0), c(6, 3, 1)), enhancement = rbind(c(46, 0), c(8, 2)), fatty = rbind(c(43, 3), c(10, 0)),
  benign = rbind(c(26, 20), c(4, 6)), bileduct = rbind(c(40, 6), c(9, 1)), splenomegaly = rbind(c(29, 17), c(6, 4)), varices = rbind(c(43, 3), c(9, 1)))
others <- list(rbind(c(3, 4, 5), c(6, 1, 2), c(2, 2, 9), c(0, 5, 1)), rbind(c(40, 30, 20, 35, 10), c(20, 25, 30, 18, 4)), rbind(c(5, 5), c(5, 5), c(5, 5)),
  rbind(c(1, 0, 0), c(0, 1, 0), c(0, 0, 1)), rbind(c(10, 0, 3), c(0, 12, 1)), rbind(c(2, 3, 1, 0, 4, 2), c(1, 0, 5, 2, 2, 3), c(3, 1, 1, 4, 0, 2)))
for (k in 1:8) others[[length(others) + 1]] <- matrix(rpois(2 * (2 + k %% 4), c(4, 9)), 2)
describe <- function(name, m) list(name = name, counts = m, fisher = fisher.test(m, workspace = 2e7)$p.value,
  chi2 = suppressWarnings(as.numeric(chisq.test(m, correct = FALSE)$statistic)), df = as.numeric((nrow(m) - 1) * (ncol(m) - 1)),
  chiP = suppressWarnings(chisq.test(m, correct = FALSE)$p.value), smallest = min(suppressWarnings(chisq.test(m)$expected)))
tables <- c(mapply(describe, names(paper), paper, SIMPLIFY = FALSE, USE.NAMES = FALSE), lapply(others, function(m) describe("", m)))

samples <- list()
for (n in c(1, 2, 3, 4, 5, 10, 46)) {
  x <- round(rexp(n) * 10, 3)
  q <- as.numeric(quantile(x, c(0.25, 0.5, 0.75), type = 7))
  samples[[length(samples) + 1]] <- list(x = I(x), mean = mean(x), sd = if (n > 1) sd(x) else NULL, q1 = q[1], median = q[2], q3 = q[3])
}
smdOf <- function(m) {
  p <- m / rowSums(m)
  a <- p[1, -1]; b <- p[2, -1]
  s <- (diag(a, length(a)) - a %o% a + diag(b, length(b)) - b %o% b) / 2
  as.numeric(sqrt(t(a - b) %*% solve(s) %*% (a - b)))
}
smd <- lapply(paper[c("sex", "location", "shape", "duct", "atrophy")], function(m) list(counts = m, smd = smdOf(m)))
adjust <- list()
for (p in list(c(0.01, 0.02, 0.03, 0.04), c(0.04, 0.001, 0.001, 0.7, 1), 0.2, round(runif(20)^3, 4), c(NA, 0.01, 0.5, NA, 0.02))) {
  adjust[[length(adjust) + 1]] <- list(p = I(p), holm = I(p.adjust(p, "holm")), bh = I(p.adjust(p, "BH")))
}
golden <- list(
  provenance = list(tool = "R stats", version = R.version.string, script = "test/generate/r_tables.R", date = "2026-11-23", seed = 20261130),
  tails = tails, tables = tables, samples = samples, smd = unname(smd), adjust = adjust
)
write(toJSON(golden, auto_unbox = TRUE, digits = I(17), na = "null"), "test/golden/r-tables.json")
