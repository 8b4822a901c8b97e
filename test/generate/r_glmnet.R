# Penalised logistic regressions by glmnet, on the rows of test/golden/sklearn-logistic.json.
#
#     Rscript test/generate/r_glmnet.R      (Debian: r-cran-glmnet r-cran-jsonlite; after sklearn_logistic.py; run in the repository root)
#
# Writes test/golden/r-glmnet.json. glmnet minimises mean loss + lambda (alpha |b|_1 + (1 - alpha) |b|^2 / 2), so its lambda is 1 / (n C).
suppressMessages({ library(glmnet); library(jsonlite) })
sets <- fromJSON("test/golden/sklearn-logistic.json")$sets
fits <- list()
for (f in list(list("tall", 1, 0.5), list("tall", 0.5, 2), list("tall", 0, 4), list("wide", 1, 0.25), list("wide", 0.7, 1))) {
  s <- sets[[f[[1]]]]
  x <- matrix(s$x, ncol = s$d, byrow = TRUE)
  lambda <- 1 / (nrow(x) * f[[3]])
  m <- glmnet(x, s$y, family = "binomial", alpha = f[[2]], lambda = lambda * c(100, 30, 10, 3, 1), standardize = FALSE, thresh = 1e-22, maxit = 1e8)
  b <- as.numeric(coef(m, s = lambda, exact = FALSE))
  fits[[length(fits) + 1]] <- list(data = f[[1]], l1Ratio = f[[2]], C = f[[3]], intercept = b[1], coefficients = b[-1])
}
golden <- list(
  provenance = list(tool = "R glmnet, thresh 1e-22", version = paste(packageVersion("glmnet")), script = "test/generate/r_glmnet.R", date = "2026-11-23"),
  fits = fits
)
writeLines(toJSON(golden, auto_unbox = TRUE, digits = I(17)), "test/golden/r-glmnet.json")
