# Two-group tests by R's stats package: wilcox.test, t.test, shapiro.test, fisher.test.
#   Rscript test/generate/r_group_tests.R      (R 4.2 with jsonlite; run in the repository root)
# Writes test/golden/r-group-tests.json.
library(jsonlite)
set.seed(20261124)

draw <- list(
  normal = function(n) rnorm(n),
  skewed = function(n) rexp(n)^2,
  heavy = function(n) rt(n, 2),
  uniform = function(n) runif(n)
)
groups <- list()
for (sizes in list(c(9, 42), c(10, 46), c(2, 5), c(3, 3), c(49, 49), c(50, 20), c(120, 60), c(1, 8))) {
  for (kind in names(draw)) for (digits in c(6, 1)) {
    x <- round(draw[[kind]](sizes[1]) + 0.5, digits)
    y <- round(draw[[kind]](sizes[2]) * 1.4, digits)
    w <- suppressWarnings(wilcox.test(x, y))
    row <- list(kind = kind, x = I(x), y = y, w = as.numeric(w$statistic), wilcoxP = w$p.value)
    if (sizes[1] > 1) {
      s <- t.test(x, y, var.equal = TRUE)
      v <- t.test(x, y)
      row <- c(row, list(student = list(t = as.numeric(s$statistic), df = as.numeric(s$parameter), p = s$p.value),
                         welch = list(t = as.numeric(v$statistic), df = as.numeric(v$parameter), p = v$p.value)))
    }
    groups[[length(groups) + 1]] <- row
  }
}
samples <- list()
for (n in c(3, 4, 5, 6, 9, 10, 11, 12, 20, 46, 56, 200)) for (kind in names(draw)) for (digits in c(6, 1)) {
  sample <- round(draw[[kind]](n) * 10, digits)
  if (length(unique(sample)) < 2) next
  r <- shapiro.test(sample)
  samples[[length(samples) + 1]] <- list(kind = kind, sample = sample, w = as.numeric(r$statistic), p = r$p.value)
}
tables <- list()
for (t in list(c(23, 23, 9, 1), c(24, 22, 4, 6), c(39, 7, 5, 5), c(46, 0, 8, 2), c(38, 8, 7, 3), c(32, 14, 4, 6), c(0, 5, 7, 0),
               c(3, 1, 1, 3), c(10, 0, 0, 0), c(0, 4, 0, 6), c(120, 340, 90, 700), c(1, 1, 1, 1), c(400, 10, 5, 300))) {
  tables[[length(tables) + 1]] <- list(counts = t, p = fisher.test(matrix(t, 2, byrow = TRUE))$p.value)
}
golden <- list(
  provenance = list(tool = "R stats", version = R.version.string, script = "test/generate/r_group_tests.R", date = "2026-11-23", seed = 20261124),
  groups = groups, samples = samples, tables = tables
)
write(toJSON(golden, auto_unbox = TRUE, digits = I(17)), "test/golden/r-group-tests.json")
