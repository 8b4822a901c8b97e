# Correlations, variance inflation and clusters by R's stats package: cor.test, lm, hclust.
#   Rscript test/generate/r_collinearity.R      (R 4.2 with jsonlite; run in the repository root)
# Writes test/golden/r-collinearity.json.
library(jsonlite)
set.seed(20261204)

one <- function(n, columns, factors, noise) {
  f <- matrix(rnorm(n * factors), n)
  x <- round(f[, sample(factors, columns, TRUE)] * rep(sample(c(-1, 1), columns, TRUE), each = n) + noise * matrix(rnorm(n * columns), n), 6)
  p <- outer(1:columns, 1:columns, Vectorize(function(i, j) if (i == j) 0 else cor.test(x[, i], x[, j])$p.value))
  tree <- hclust(as.dist(1 - abs(cor(x))), "complete")
  list(x = t(x), r = cor(x), p = p, vif = sapply(1:columns, function(j) 1 / (1 - summary(lm(x[, j] ~ x[, -j]))$r.squared)),
       thresholds = c(0.2, 0.5, 0.8), groups = lapply(c(0.2, 0.5, 0.8), function(t) as.numeric(cutree(tree, h = 1 - t)) - 1))
}
golden <- list(
  provenance = list(tool = "R stats", version = R.version.string, script = "test/generate/r_collinearity.R", date = "2026-11-23", seed = 20261204),
  sets = list(one(56, 12, 4, 0.4), one(20, 5, 2, 0.2), one(74, 20, 3, 0.8))
)
write(toJSON(golden, auto_unbox = TRUE, digits = I(17)), "test/golden/r-collinearity.json")
