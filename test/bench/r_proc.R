# pROC's side of discrimination.ts: Rscript r_proc.R FOLDER N ROUNDS; prints milliseconds as JSON.
suppressMessages(library(pROC))
a <- commandArgs(TRUE)
read <- function(name) readBin(file.path(a[1], name), "double", as.integer(a[2]))
outcome <- read("outcome"); one <- read("one"); two <- read("two")
curve <- function(score) roc(outcome, score, direction = "<", levels = c(0, 1), quiet = TRUE)
jobs <- list(single = function() ci.auc(curve(one), method = "delong"),
             paired = function() roc.test(curve(one), curve(two), method = "delong", paired = TRUE),
             bootstrap = function() ci.auc(curve(one), method = "bootstrap", boot.n = 50, boot.stratified = TRUE, progress = "none"))
timed <- lapply(jobs, function(job) { job(); sapply(seq_len(as.integer(a[3])), function(i) 1000 * system.time(job())[["elapsed"]]) })
text <- sapply(names(timed), function(n) sprintf('"%s":[%s]', n, paste(timed[[n]], collapse = ",")))
cat(sprintf('{"version":["%s"],%s}', packageVersion("pROC"), paste(text, collapse = ",")))
