# ComBat by sva, parametric and without covariates: its own result, and the same with its iteration run to the end.
#
#     Rscript test/generate/r_combat.R      (Debian: r-bioc-sva r-cran-jsonlite; run in the repository root)
#
# Writes test/golden/r-combat.json. Skipped with a remark where sva is not installed.
if (!requireNamespace("sva", quietly = TRUE)) { cat("skipped: sva is not installed\n"); quit() }
suppressMessages({ library(sva); library(jsonlite) })
set.seed(20261128)
sizes <- c(A = 12, B = 9, C = 5)
batch <- rep(names(sizes), sizes)
n <- length(batch); d <- 14
x <- matrix(rnorm(n * d), n, d) %*% diag(2 ^ seq(-2, 3, length.out = d))
x <- x + outer(c(A = 0, B = 1.5, C = -1)[batch], rnorm(d, 1, 0.4))
x <- sweep(x, 1, c(A = 1, B = 1.7, C = 0.6)[batch], "*")
x <- round(x, 5)
combat <- function(conv) {
  # Only the iteration's limit differs from what ComBat does.
  original <- sva:::it.sol
  longer <- function(sdat, g.hat, d.hat, g.bar, t2, a, b, ...) original(sdat, g.hat, d.hat, g.bar, t2, a, b, conv = conv)
  ns <- asNamespace("sva")
  unlockBinding("it.sol", ns); assign("it.sol", longer, ns)
  on.exit({ assign("it.sol", original, ns) })
  t(suppressMessages(ComBat(t(x), batch = batch, par.prior = TRUE)))
}
golden <- list(
  provenance = list(tool = "R sva::ComBat", version = paste(packageVersion("sva")), script = "test/generate/r_combat.R", date = "2026-11-23", seed = 20261128),
  batch = batch, d = d, x = as.numeric(t(x)), plain = as.numeric(t(combat(1e-4))), converged = as.numeric(t(combat(1e-14)))
)
writeLines(toJSON(golden, auto_unbox = TRUE, digits = I(17)), "test/golden/r-combat.json")
