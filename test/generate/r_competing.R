# Cumulative incidence by R's survival and Gray's test by cmprsk, on cohorts with a competing event.
#   Rscript test/generate/r_competing.R        (R 4.2 with survival, cmprsk and jsonlite; run in the repository root)
# Writes test/golden/r-competing.json.
suppressMessages({library(survival); library(cmprsk); library(jsonlite)})
set.seed(20261125)
cohort <- function(name, n, groups, digits, shift) {
  group <- sample(rep(0:(groups - 1), length.out = n))
  t1 <- rexp(n, 0.05 * exp(shift * group)); t2 <- rexp(n, 0.04); censored <- runif(n, 5, 40)
  time <- round(pmin(t1, t2, censored), digits)
  list(name = name, time = time, event = ifelse(pmin(t1, t2) > censored, 0, ifelse(t1 < t2, 1, 2)), group = group, strata = sample(0:1, n, TRUE))
}
cohorts <- list(cohort("two groups", 60, 2, 3, 0.5), cohort("three groups, whole months", 90, 3, 0, 0.4), cohort("many ties", 80, 2, -1, 0.3), cohort("small", 14, 2, 1, 1))
measure <- function(x) {
  f <- survfit(Surv(x$time, factor(x$event, 0:2)) ~ 1)
  test <- function(...) { g <- cuminc(x$time, x$event, x$group, ...)$Tests; list(chi2 = unname(g[, "stat"]), p = unname(g[, "pv"]), df = unname(g[, "df"])) }
  c(x, list(at = f$time, incidence = list(f$pstate[, 2], f$pstate[, 3]), se = list(f$std.err[, 2], f$std.err[, 3]), lo = list(f$lower[, 2], f$lower[, 3]), hi = list(f$upper[, 2], f$upper[, 3]),
            gray = test(), stratified = test(strata = x$strata)))
}
golden <- list(
  provenance = list(tool = "R survival and cmprsk", version = paste(packageVersion("survival"), packageVersion("cmprsk"), "on", R.version.string),
                    script = "test/generate/r_competing.R", date = "2026-11-23", seed = 20261125),
  cohorts = lapply(cohorts, measure)
)
write(toJSON(golden, auto_unbox = TRUE, digits = I(17), na = "null"), "test/golden/r-competing.json")
