# ROC areas, DeLong intervals and paired tests by pROC.
#   Rscript test/generate/proc_delong.R        (R 4.2 with pROC and jsonlite; run in the repository root)
# Writes test/golden/proc-delong.json.
suppressMessages({library(pROC); library(jsonlite)})
set.seed(20261123)

cohort <- function(name, cases, controls, shift, digits) {
  outcome <- sample(c(rep(1, cases), rep(0, controls)))
  shared <- rnorm(cases + controls)
  a <- round(shared + 0.6 * rnorm(cases + controls) + shift[1] * outcome, digits)
  b <- round(shared + 0.8 * rnorm(cases + controls) + shift[2] * outcome, digits)
  list(name = name, outcome = outcome, a = a, b = b)
}
cohorts <- list(
  cohort("56 patients, 10 events", 10, 46, c(1.2, 0.4), 6),
  cohort("18 patients, 9 events", 9, 9, c(0.5, 0.2), 6),
  cohort("scores rounded to one digit: many ties", 20, 36, c(0.8, 0.5), 1),
  cohort("scores rounded to whole numbers", 15, 60, c(1.0, 1.2), 0),
  cohort("a score that ranks the wrong way round", 12, 30, c(-1.0, 0.3), 6),
  cohort("300 patients", 120, 180, c(0.7, 0.6), 6),
  cohort("two cases", 2, 20, c(1.0, 0.5), 6)
)
measure <- function(x) {
  curve <- function(score) roc(x$outcome, score, direction = "<", levels = c(0, 1), quiet = TRUE)
  ra <- curve(x$a)
  rb <- curve(x$b)
  test <- roc.test(ra, rb, method = "delong", paired = TRUE)
  one <- function(r) {
    ci <- as.numeric(ci.auc(r, method = "delong"))
    list(auc = as.numeric(auc(r)), variance = var(r, method = "delong"), lo = ci[1], hi = ci[3])
  }
  c(x, list(curveA = one(ra), curveB = one(rb), z = as.numeric(test$statistic), p = test$p.value))
}
golden <- list(
  provenance = list(tool = "pROC", version = paste(packageVersion("pROC"), "on", R.version.string),
                    script = "test/generate/proc_delong.R", date = "2026-11-23", seed = 20261123),
  cohorts = lapply(cohorts, measure)
)
write(toJSON(golden, auto_unbox = TRUE, digits = I(17)), "test/golden/proc-delong.json")
