# R's side of survival.ts: Rscript r_survival.R FOLDER N ROUNDS; prints milliseconds as JSON.
suppressMessages(library(survival))
a <- commandArgs(TRUE)
read <- function(name) readBin(file.path(a[1], name), "double", as.integer(a[2]))
d <- data.frame(time = read("time"), event = read("event"), group = read("group"), score = read("score"))
s <- Surv(d$time, d$event)
jobs <- list(km = function() survfit(s ~ 1), logRank = function() survdiff(s ~ group, data = d),
             concordance = function() concordance(s ~ score, data = d, reverse = TRUE), cox = function() coxph(s ~ score + group, data = d))
timed <- lapply(jobs, function(job) { job(); sapply(seq_len(as.integer(a[3])), function(i) 1000 * system.time(job())[["elapsed"]]) })
text <- sapply(names(timed), function(n) sprintf('"%s":[%s]', n, paste(timed[[n]], collapse = ",")))
cat(sprintf('{"version":["%s"],%s}', packageVersion("survival"), paste(text, collapse = ",")))
