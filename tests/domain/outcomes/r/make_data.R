# The made-up people that judge.R reads: nobody real. Rscript make_data.R, in this folder; the files under data/ are kept.
set.seed(20261123)
put <- function(name, rows) write.csv(rows, file.path("data", paste0(name, ".csv")), row.names = FALSE, quote = FALSE)

# Whole days with many ties, some that ended on day 0, three groups of unlike length.
group <- rep(c("a", "b", "c"), c(70, 45, 25))
days <- pmax(0, round(rexp(140, ifelse(group == "b", 1 / 45, 1 / 30)) - 2))
put("ties", data.frame(days = days, ended = as.integer(runif(140) < 0.7), group = group))

# Nobody leaves, and the curve runs exactly along a half.
put("flat", data.frame(days = c(2, 4, 6, 8, 11, 13), ended = 1, group = rep(c("a", "b"), 3)))

# The first departures come before the first end; the last ends all.
put("early", data.frame(days = c(1, 1, 2, 3, 3, 5, 8, 13, 21, 34), ended = c(0, 0, 0, 1, 1, 0, 1, 1, 0, 1), group = rep(c("a", "b"), 5)))

# Parts of a day, as a practice's series have them.
put("parts", data.frame(days = round(rweibull(90, 1.3, 40), 3), ended = as.integer(runif(90) < 0.55), group = rep(c("a", "b"), 45)))

# Known only between two answers; some were seen the day it happened, some never.
from <- round(rexp(60, 1 / 20)); width <- sample(c(1, 4, 7, 14), 60, replace = TRUE)
until <- ifelse(runif(60) < 0.35, NA, from + width)
put("between", data.frame(after = from, until = until))

# Who responded: two protocols, score before, age, several series of one patient.
patient <- sort(sample(1:140, 260, replace = TRUE)); own <- rnorm(140, 0, 0.8)[patient]
second <- rbinom(260, 1, 0.45); baseline <- round(rnorm(260, 7, 1.2), 1); age <- round(rnorm(260, 52, 13), 1)
chance <- plogis(-0.2 + 0.5 * second + 0.35 * (baseline - 7) - 0.02 * (age - 52) + own)
put("mix", data.frame(patient = patient, second = second, baseline = baseline, age = age, responded = rbinom(260, 1, chance)))

# Public examples: Freireich 1963 (days in remission), R's own `aml` and `lung`, Finkelstein and Wolfe 1985 (radiotherapy alone).
library(survival)
put("freireich", data.frame(
  days = c(6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35, 1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23),
  ended = c(rep(1, 9), rep(0, 12), rep(1, 21)), group = rep(c("a", "b"), each = 21)))
put("aml", with(aml, data.frame(days = time, ended = status, group = ifelse(x == "Maintained", "a", "b"))))
put("lung", with(lung, data.frame(days = time, ended = as.integer(status == 2), group = ifelse(sex == 1, "a", "b"))))
spans <- "45- 6-10 0-7 46- 46- 7-16 17- 7-14 37-44 0-8 4-11 15- 11-15 22- 46- 46- 25-37 46- 26-40 46- 27-34 36-44 46- 36-48 37- 40- 17-25 46- 11-18 38- 5-12 37- 0-5 18- 24- 36- 5-11 19-35 17-25 24- 32- 33- 19-26 37- 34- 36-"
ends <- strsplit(strsplit(spans, " ")[[1]], "-")
put("radiotherapy", data.frame(after = as.numeric(sapply(ends, `[`, 1)), until = as.numeric(sapply(ends, `[`, 2))))

# The curve reaches a half and stays there as long as anybody is followed.
put("halts", data.frame(days = c(2, 4, 6, 9), ended = c(1, 1, 0, 0), group = c("a", "b", "a", "b")))
