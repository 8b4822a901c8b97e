# Elastic-net Cox regression by glmnet: paths, and cross-validation on given folds.
#   Rscript test/generate/r_coxnet.R      (R 4.2 with glmnet, survival and jsonlite; run in the repository root)
# Penalties are given, so that both sides fit the same; the threshold is as small as glmnet settles with.
# Writes test/golden/r-coxnet.json.
suppressMessages({library(glmnet); library(survival); library(jsonlite)})
set.seed(20261202)

settled <- list(thresh = 1e-20, maxit = 1e8)
fit <- function(name, x, time, event, alpha, ratio) {
  y <- Surv(time, event)
  first <- glmnet(x, y, family = "cox", alpha = alpha, nlambda = 5)$lambda[1]
  lambda <- first * ratio^((1:6 - 0.5) / 6)
  path <- do.call(glmnet, c(list(x, y, family = "cox", alpha = alpha, lambda = lambda), settled))
  foldid <- sample(rep(1:5, length.out = length(time)))
  cv <- suppressWarnings(do.call(cv.glmnet, c(list(x, y, family = "cox", alpha = alpha, lambda = lambda, foldid = foldid), settled)))
  list(name = name, time = time, event = event, x = unname(as.list(as.data.frame(x))), alpha = alpha, first = first, lambda = lambda,
       beta = unname(as.matrix(coef(path))), devianceRatio = path$dev.ratio, fold = foldid - 1, cvm = cv$cvm, cvsd = cv$cvsd,
       best = cv$lambda.min, sparse = cv$lambda.1se)
}
planted <- function(n, p, digits) {
  x <- matrix(round(rnorm(n * p), 4), n)
  x[, 2] <- round(0.7 * x[, 1] + 0.3 * x[, 2], 4) * 10 + 3
  time <- round(rexp(n, 0.05 * exp(0.6 * x[, 1] - 0.4 * x[, 3])), digits) + 10^-digits
  list(x = x, time = time, event = rbinom(n, 1, 0.6))
}
few <- planted(80, 6, 3)
tied <- planted(70, 5, -1)
wide <- planted(56, 90, 2)
d <- na.omit(lung[, c("time", "status", "age", "sex", "ph.ecog", "ph.karno", "pat.karno", "meal.cal", "wt.loss")])
# glmnet puts censorings after events of the same time by adding 2e-14, which is lost in times above a hundred: thousands of days instead.
cohorts <- list(
  fit("80 patients, 6 covariates, lasso", few$x, few$time, few$event, 1, 1e-2),
  fit("the same, elastic net", few$x, few$time, few$event, 0.5, 1e-2),
  fit("the same, ridge", few$x, few$time, few$event, 0, 1e-3),
  fit("many tied times", tied$x, tied$time, tied$event, 0.8, 1e-2),
  fit("56 patients, 90 covariates, lasso", wide$x, wide$time, wide$event, 1, 0.2),
  fit("56 patients, 90 covariates, elastic net", wide$x, wide$time, wide$event, 0.3, 0.1),
  fit("lung", as.matrix(d[, 3:9]), d$time / 1000, d$status - 1, 1, 1e-2)
)
golden <- list(
  provenance = list(tool = "glmnet", version = paste(packageVersion("glmnet"), "on", R.version.string),
                    script = "test/generate/r_coxnet.R", date = "2026-11-23", seed = 20261202),
  cohorts = cohorts
)
write(toJSON(golden, auto_unbox = TRUE, digits = I(17)), "test/golden/r-coxnet.json")
