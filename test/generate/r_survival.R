# Survival analysis by R's survival: curves, medians, restricted means, log-rank, Cox regression, proportional hazards, concordance.
#   Rscript test/generate/r_survival.R        (R 4.2 with survival and jsonlite; run in the repository root)
# Writes test/golden/r-survival.json. lung, veteran and ovarian are data sets of the survival package (LGPL); the columns used here are kept as numbers.
suppressMessages({library(survival); library(jsonlite)})
set.seed(20261124)

lung2 <- lung[complete.cases(lung[, c("time", "status", "age", "sex", "ph.ecog", "inst")]), ]
n <- 60
tied <- data.frame(time = sample(1:7, n, TRUE), event = rbinom(n, 1, 0.6), group = sample(0:2, n, TRUE), strata = sample(0:3, n, TRUE),
                   a = sample(0:3, n, TRUE), b = round(rnorm(n), 1))
cohorts <- list(
  list(name = "lung", time = lung2$time, event = lung2$status - 1, group = lung2$sex - 1, strata = lung2$inst,
       x = list(age = lung2$age, sex = lung2$sex, ecog = lung2$ph.ecog)),
  list(name = "veteran", time = veteran$time, event = veteran$status, group = as.integer(veteran$celltype) - 1, strata = veteran$trt,
       x = list(trt = veteran$trt, karno = veteran$karno, diagtime = veteran$diagtime, age = veteran$age, prior = veteran$prior)),
  list(name = "ovarian", time = ovarian$futime, event = ovarian$fustat, group = ovarian$rx - 1, strata = ovarian$resid.ds,
       x = list(age = ovarian$age, resid = ovarian$resid.ds, ecog = ovarian$ecog.ps)),
  list(name = "tied", time = tied$time, event = tied$event, group = tied$group, strata = tied$strata, x = list(a = tied$a, b = tied$b)),
  # Freireich et al. 1963, remission in weeks: placebo, then 6-MP
  list(name = "leukaemia",
       time = c(1,1,2,2,3,4,4,5,5,8,8,8,8,11,11,12,12,15,17,22,23, 6,6,6,6,7,9,10,10,11,13,16,17,19,20,22,23,25,32,32,34,35),
       event = c(rep(1, 21), 1,1,1,0,1,0,1,0,0,1,1,0,0,0,1,1,0,0,0,0,0),
       group = rep(0:1, each = 21), strata = rep(c(1, 2), 21), x = list(group = rep(0:1, each = 21)))
)
curves <- function(x, type) {
  lapply(sort(unique(x$group)), function(g) {
    i <- x$group == g
    f <- survfit(Surv(x$time[i], x$event[i]) ~ 1, conf.type = type)
    list(time = f$time, atRisk = f$n.risk, died = f$n.event, censored = f$n.censor, survival = f$surv, se = f$surv * f$std.err, lo = f$lower, hi = f$upper)
  })
}
summaries <- function(x, type) {
  f <- survfit(Surv(time, event) ~ group, data = x[c("time", "event", "group")], conf.type = type)
  m <- summary(f, rmean = "common")$table
  own <- summary(f, rmean = "individual")$table
  lapply(seq_len(nrow(m)), function(i) list(n = m[[i, "records"]], events = m[[i, "events"]],
    median = unname(m[i, c("median", "0.95LCL", "0.95UCL")]), common = unname(m[i, 5:6]), individual = unname(own[i, 5:6])))
}
test <- function(f) list(chi2 = f$chisq, df = sum((if (is.matrix(f$exp)) rowSums(f$exp) else f$exp) > 0) - 1,
  observed = if (is.matrix(f$obs)) rowSums(f$obs) else f$obs, expected = if (is.matrix(f$exp)) rowSums(f$exp) else f$exp)
cox <- function(x, ties, strata = NULL) {
  d <- data.frame(x$x)
  d$.t <- x$time; d$.e <- x$event; d$.s <- x$strata
  f <- coxph(as.formula(paste("Surv(.t, .e) ~", paste(names(x$x), collapse = " + "), if (is.null(strata)) "" else "+ strata(.s)")), data = d, ties = ties,
             control = coxph.control(eps = 1e-14, iter.max = 60, toler.chol = 1e-14))
  s <- summary(f, conf.int = 0.95)
  z <- lapply(c("km", "identity", "rank", "log"), function(tr) { q <- cox.zph(f, transform = tr, terms = FALSE); list(transform = tr, chi2 = unname(q$table[, "chisq"]), p = unname(q$table[, "p"]), x = q$x, y = unname(q$y)) })
  z[2:4] <- lapply(z[2:4], function(q) q[c("transform", "chi2", "p")])
  list(coef = unname(coef(f)), var = f$var, se = unname(s$coefficients[, "se(coef)"]), z = unname(s$coefficients[, "z"]), p = unname(s$coefficients[, "Pr(>|z|)"]),
       hr = unname(s$conf.int[, 1]), lo = unname(s$conf.int[, 3]), hi = unname(s$conf.int[, 4]),
       logLik = f$loglik, lr = s$logtest[["test"]], wald = s$waldtest[["test"]], score = s$sctest[["test"]],
       waldFull = as.numeric(f$wald.test), concordance = unname(s$concordance), zph = z)
}
conc <- function(x, ...) {
  d <- data.frame(time = x$time, event = x$event, score = x$x[[1]])
  f <- concordance(Surv(time, event) ~ score, data = d, ...)
  list(c = unname(f$concordance), var = unname(f$var), count = unname(as.numeric(f$count)))
}
measure <- function(x) {
  s <- Surv(x$time, x$event)
  tau <- unname(quantile(x$time, 0.6, type = 1))
  c(x, list(
    curves = setNames(lapply(c("log", "plain", "log-log"), function(t) curves(x, t)), c("log", "plain", "log-log")),
    summaries = setNames(lapply(c("log", "plain", "log-log"), function(t) summaries(x, t)), c("log", "plain", "log-log")),
    logRank = test(survdiff(s ~ x$group)), petoPeto = test(survdiff(s ~ x$group, rho = 1)), stratified = test(survdiff(s ~ x$group + strata(x$strata))),
    efron = cox(x, "efron"), breslow = cox(x, "breslow"), stratifiedCox = if (x$name %in% c("lung", "tied")) cox(x, "efron", TRUE)[c("coef", "se", "logLik", "zph", "concordance")] else NULL,
    harrell = conc(x, reverse = TRUE), uno = conc(x, reverse = TRUE, timewt = "n/G2"), tau = tau,
    unoTau = conc(x, reverse = TRUE, timewt = "n/G2", ymax = tau), harrellTau = conc(x, reverse = TRUE, ymax = tau)))
}
golden <- list(
  provenance = list(tool = "R survival", version = paste(packageVersion("survival"), "on", R.version.string),
                    script = "test/generate/r_survival.R", date = "2026-11-23", seed = 20261124),
  cohorts = lapply(cohorts, measure)
)
write(toJSON(golden, auto_unbox = TRUE, digits = I(17), na = "null"), "test/golden/r-survival.json")
