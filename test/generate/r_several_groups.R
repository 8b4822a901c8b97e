# Tests of three groups and more by R's stats package: oneway.test, kruskal.test, Levene's test written out, fisher.test.
#   Rscript test/generate/r_several_groups.R      (R 4.2 with jsonlite; run in the repository root)
# Writes test/golden/r-several-groups.json.
library(jsonlite)
set.seed(20261203)

of <- function(test) list(statistic = as.numeric(test$statistic), df = I(as.numeric(test$parameter)), p = test$p.value)
cohorts <- list()
for (sizes in list(c(12, 9, 20), c(30, 30, 30, 30), c(5, 8, 3), c(46, 10, 18, 25, 7))) for (digits in c(6, 0)) for (kind in c("normal", "skewed")) {
  g <- factor(rep(seq_along(sizes), sizes))
  x <- (if (kind == "normal") rnorm(length(g), 5 + 0.4 * as.integer(g), sqrt(as.integer(g))) else rexp(length(g), 0.5) * as.integer(g))
  x <- round(x, digits)
  z <- abs(x - ave(x, g, FUN = median))
  l <- anova(lm(z ~ g))
  cohorts[[length(cohorts) + 1]] <- list(groups = unname(split(x, g)), anova = of(oneway.test(x ~ g, var.equal = TRUE)), welch = of(oneway.test(x ~ g)),
    kruskal = of(kruskal.test(x, g)), levene = list(statistic = l$`F value`[1], p = l$`Pr(>F)`[1]))
}
tables <- lapply(list(rbind(c(4, 1, 0), c(2, 6, 1), c(0, 3, 5)), rbind(c(10, 2), c(3, 8), c(5, 5), c(0, 6)), rbind(c(2, 3, 1, 4), c(5, 0, 2, 2), c(1, 1, 6, 0))),
  function(t) list(counts = t, fisher = fisher.test(t, workspace = 2e7)$p.value, chi2 = suppressWarnings(chisq.test(t, correct = FALSE)$p.value)))
golden <- list(
  provenance = list(tool = "R stats", version = R.version.string, script = "test/generate/r_several_groups.R", date = "2026-11-23", seed = 20261203),
  cohorts = cohorts, tables = tables
)
write(toJSON(golden, auto_unbox = TRUE, digits = I(17)), "test/golden/r-several-groups.json")
