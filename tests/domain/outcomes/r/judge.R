# What R says of data/: Rscript judge.R, in this folder, writes said.csv (case, quantity, place, value with 17 digits) and versions.csv.
# Debian: r-base-core and r-cran-survival. No test runs R; the tests hold our numbers against what it said.
suppressMessages(library(survival))
said <- file("said.csv", "w"); writeLines("case,quantity,place,value", said)
say <- function(case, quantity, place, value) {
  value <- as.numeric(value)
  writeLines(sprintf("%s,%s,%s,%s", case, quantity, format(place, trim = TRUE, digits = 15), ifelse(is.na(value), "NA", sprintf("%.17g", value))), said)
}
read <- function(name) read.csv(file.path("data", paste0(name, ".csv")))

curve <- function(case, rows) {
  fit <- survfit(Surv(days, ended) ~ 1, data = rows, conf.type = "log-log")
  for (what in c("n.risk", "n.event", "n.censor", "surv", "lower", "upper")) say(case, what, fit$time, fit[[what]])
  say(case, "std.err", fit$time, fit$surv * fit$std.err)
  say(case, "median", 1:3, summary(fit)$table[c("median", "0.95LCL", "0.95UCL")])
  until <- max(fit$time)
  say(case, "rmean", until, summary(fit, rmean = until)$table["rmean"])
}

apart <- function(case, rows, day) {
  at <- lapply(c("a", "b"), function(g) summary(survfit(Surv(days, ended) ~ 1, data = rows[rows$group == g, ], conf.type = "log-log"), times = day))
  one <- at[[1]]; two <- at[[2]]
  say(case, "apart", day, one$surv - two$surv)
  say(case, "apart.low", day, one$surv - two$surv - sqrt((one$surv - one$lower)^2 + (two$upper - two$surv)^2))
  say(case, "apart.high", day, one$surv - two$surv + sqrt((one$upper - one$surv)^2 + (two$surv - two$lower)^2))
}

for (case in c("ties", "flat", "halts", "early", "parts", "freireich", "aml", "lung")) {
  rows <- read(case)
  curve(case, rows)
  pair <- rows[rows$group %in% c("a", "b"), ]
  test <- survdiff(Surv(days, ended) ~ group, data = pair)
  say(case, "logrank.observed", 1:2, test$obs); say(case, "logrank.expected", 1:2, test$exp)
  say(case, "logrank.chisq", 1, test$chisq); say(case, "logrank.p", 1, pchisq(test$chisq, 1, lower.tail = FALSE))
}
for (group in c("a", "b", "c")) curve(paste0("ties_", group), subset(read("ties"), group == get("group", envir = globalenv())))
for (day in c(7, 28, 56)) { apart("ties", read("ties"), day); apart("parts", read("parts"), day) }

# Turnbull's estimate. R stops its rounds early, so the likelihood of its answer is kept too: ours may not be lower.
for (case in c("between", "radiotherapy")) {
  rows <- read(case)
  fit <- survfit(Surv(after, until, type = "interval2") ~ 1, data = rows)
  say(case, "surv", fit$time, fit$surv)
}

# Chances adjusted for who was treated: glm, the sandwich over patients, and standardization with the delta method.
rows <- read("mix")
fit <- glm(responded ~ second + baseline + age, binomial, data = rows, control = glm.control(epsilon = 1e-14, maxit = 100))
X <- model.matrix(fit); p <- fitted(fit); bread <- solve(t(X) %*% (X * (p * (1 - p))))
scores <- rowsum(X * (rows$responded - p), rows$patient); G <- nrow(scores)
V <- bread %*% crossprod(scores) %*% bread * G / (G - 1)
say("mix", "coefficient", 1:4, coef(fit)); say("mix", "robust.error", 1:4, sqrt(diag(V)))
as_if <- function(value) { Z <- X; Z[, "second"] <- value; q <- drop(plogis(Z %*% coef(fit))); list(mean = mean(q), slope = colMeans(Z * q * (1 - q))) }
one <- as_if(1); two <- as_if(0); slope <- one$slope - two$slope; half <- qnorm(0.975) * sqrt(drop(slope %*% V %*% slope))
say("mix", "contrast", 1:3, one$mean - two$mean + c(0, -half, half))
half <- qnorm(0.975) * sqrt(drop(one$slope %*% V %*% one$slope)) / (one$mean * (1 - one$mean))
say("mix", "standardized", 1:3, c(one$mean, plogis(qlogis(one$mean) - half), plogis(qlogis(one$mean) + half)))

# Shares and rates.
for (pair in list(c(0, 9), c(1, 12), c(81, 263), c(40, 40))) say(paste0("share_", pair[1], "_", pair[2]), "wilson", 1:2, suppressWarnings(prop.test(pair[1], pair[2], correct = FALSE)$conf.int))
limits <- function(count, of) { at <- suppressWarnings(prop.test(count, of, correct = FALSE)$conf.int); c(count / of, at) }
one <- limits(56, 70); two <- limits(48, 80)
say("newcombe", "difference", 1:3, one[1] - two[1] + c(0, -sqrt((one[1] - one[2])^2 + (two[3] - two[1])^2), sqrt((one[3] - one[1])^2 + (two[1] - two[2])^2)))
for (count in c(0, 1, 7, 120)) say(paste0("rate_", count), "garwood", 1:2, poisson.test(count)$conf.int)

# Limits of the funnel: binomial, between whole counts as Spiegelhalter 2005 (appendix A.1.1); of unlike people by Fourier's road.
limit <- function(cdf, tail) { k <- which(cdf >= tail)[1]; before <- if (k > 1) cdf[k - 1] else 0; max(k - 1 - (cdf[k] - tail) / (cdf[k] - before), 0) }
for (size in c(5, 30, 200)) for (level in c(0.95, 0.998)) {
  cdf <- pbinom(0:size, size, 0.55)
  say(paste0("funnel_", size), paste0("limits_", level), 1:2, c(limit(cdf, (1 - level) / 2), min(limit(cdf, 1 - (1 - level) / 2), size)) / size)
}
chance <- plogis(read("mix")$baseline[1:40] - 7); n <- length(chance); w <- 2 * pi / (n + 1)
wave <- sapply(0:n, function(l) prod(1 - chance + chance * exp(1i * w * l)))
say("unlike", "chance", 1:n, chance); say("unlike", "density", 0:n, Re(fft(wave)) / (n + 1))

# Limits of the control chart: quantiles of Poisson at the tail of three standard deviations.
for (mean in c(0.3, 2, 8.4, 60, 900)) say("chart", paste0("poisson_", mean), 1:2, qpois(c(0.00135, 1 - 0.00135), mean))

close(said)
writeLines(c("what,version", paste0("R,", R.version$major, ".", R.version$minor), paste0("survival,", packageVersion("survival"))), "versions.csv")
