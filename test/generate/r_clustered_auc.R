# Variances of AUCs and of their difference for rows that come in clusters, from the formulas of Obuchowski 1997 written out with the whole
# matrix of pairs; no package for R in Debian has them. Beside them: pROC's DeLong test where each row is a cluster of its own, and a
# bootstrap that draws whole clusters.
#   Rscript test/generate/r_clustered_auc.R        (R 4.2 with pROC and jsonlite; run in the repository root)
# Writes test/golden/r-clustered-auc.json.
suppressMessages({library(pROC); library(jsonlite)})
set.seed(20261124)

# Rows of patients with 1 to `most` lesions; `mixed`: a patient's lesions may have different outcomes.
cohort <- function(name, patients, most, mixed, digits) {
  size <- if (most == 1) rep(1, patients) else sample(seq_len(most), patients, replace = TRUE)
  cluster <- rep(seq_len(patients), size)
  own <- rbinom(patients, 1, 0.4)
  outcome <- if (mixed) rbinom(length(cluster), 1, ifelse(own[cluster] == 1, 0.6, 0.3)) else own[cluster]
  shared <- rnorm(patients)[cluster]
  a <- round(shared + 0.7 * rnorm(length(cluster)) + 1.2 * outcome, digits)
  b <- round(0.6 * shared + rnorm(length(cluster)) + 0.5 * outcome, digits)
  list(name = name, outcome = outcome, cluster = paste0("p", cluster), a = a, b = b)
}

area <- function(outcome, score) {
  psi <- outer(score[outcome == 1], score[outcome == 0], function(x, y) (x > y) + 0.5 * (x == y))
  list(auc = mean(psi), v10 = rowMeans(psi), v01 = colMeans(psi))
}

# The covariance of two AUCs on the same rows (Obuchowski 1997, equation 2 and its extension to two curves).
covariance <- function(x, one, two) {
  clusters <- unique(x$cluster)
  sums <- function(values, keep) sapply(clusters, function(k) sum(values[x$cluster[keep] == k]))
  case <- x$outcome == 1
  m <- sapply(clusters, function(k) sum(case & x$cluster == k))
  n <- sapply(clusters, function(k) sum(!case & x$cluster == k))
  I <- length(clusters); I10 <- sum(m > 0); I01 <- sum(n > 0); M <- sum(m); N <- sum(n)
  centred10 <- function(r) sums(r$v10, case) - m * r$auc
  centred01 <- function(r) sums(r$v01, !case) - n * r$auc
  s10 <- I10 / ((I10 - 1) * M) * sum(centred10(one) * centred10(two))
  s01 <- I01 / ((I01 - 1) * N) * sum(centred01(one) * centred01(two))
  s11 <- I / (I - 1) * sum(centred10(one) * centred01(two))
  s11back <- I / (I - 1) * sum(centred10(two) * centred01(one))
  s10 / M + s01 / N + (s11 + s11back) / (M * N)
}

drawn <- function(x, times) {
  clusters <- unique(x$cluster)
  rows <- split(seq_along(x$outcome), factor(x$cluster, clusters))
  difference <- replicate(times, {
    at <- unlist(rows[sample(length(rows), replace = TRUE)])
    y <- x$outcome[at]
    if (all(y == 1) || all(y == 0)) NA else area(y, x$a[at])$auc - area(y, x$b[at])$auc
  })
  sd(difference, na.rm = TRUE)
}

measure <- function(x, times) {
  a <- area(x$outcome, x$a); b <- area(x$outcome, x$b)
  va <- covariance(x, a, a); vb <- covariance(x, b, b); vab <- covariance(x, a, b)
  z <- (a$auc - b$auc) / sqrt(va + vb - 2 * vab)
  alone <- all(table(x$cluster) == 1)
  delong <- if (alone) {
    curve <- function(score) roc(x$outcome, score, direction = "<", levels = c(0, 1), quiet = TRUE)
    test <- roc.test(curve(x$a), curve(x$b), method = "delong", paired = TRUE)
    list(z = as.numeric(test$statistic), p = test$p.value)
  } else NULL
  c(x, list(aucA = a$auc, aucB = b$auc, varianceA = va, varianceB = vb, variance = va + vb - 2 * vab, z = z, p = 2 * pnorm(-abs(z)),
            delong = delong, bootstrapSd = if (times > 0) drawn(x, times) else NULL))
}

cohorts <- list(
  measure(cohort("40 patients, 1 to 3 lesions of either outcome", 40, 3, TRUE, 6), 0),
  measure(cohort("30 patients, 1 to 4 lesions of one outcome", 30, 4, FALSE, 6), 0),
  measure(cohort("scores rounded to one digit: many ties", 35, 3, TRUE, 1), 0),
  measure(cohort("a row a cluster", 56, 1, FALSE, 6), 0),
  measure(cohort("150 patients, 1 to 4 lesions of either outcome", 150, 4, TRUE, 6), 4000)
)
golden <- list(
  provenance = list(tool = "R (own script from the paper's formulas), pROC", version = paste(R.version.string, "with pROC", packageVersion("pROC")),
                    script = "test/generate/r_clustered_auc.R", date = "2026-11-24", seed = 20261124),
  cohorts = cohorts
)
write(toJSON(golden, auto_unbox = TRUE, digits = I(17), null = "null"), "test/golden/r-clustered-auc.json")
