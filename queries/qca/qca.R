# Opens data.csv in R's package QCA, makes the truth table anew, holds it against truth-table.csv
# and minimises it. Run it in the folder of the two files:  Rscript qca.R [consistency cut-off]
# 在两个 CSV 所在的文件夹中运行：重做真值表，与 truth-table.csv 核对，然后最小化。
library(QCA)

arguments <- commandArgs(trailingOnly = TRUE)
cut <- if (length(arguments)) as.numeric(arguments[1]) else 0.8

data <- read.csv("data.csv", row.names = "case", check.names = FALSE, fileEncoding = "UTF-8")
outcome <- names(data)[ncol(data)]
conditions <- head(names(data), -1)

# The package takes neither missing values nor conditions of exactly 0.5: such cases are named.
known <- complete.cases(data)
placed <- known & !apply(data[conditions] == 0.5, 1, any)
message("not known, left out: ", paste(rownames(data)[!known], collapse = ", "))
message("ambiguous (0.5), left out: ", paste(rownames(data)[known & !placed], collapse = ", "))
data <- data[placed, ]

table <- truthTable(
  data, outcome = outcome, conditions = conditions, incl.cut = cut, show.cases = TRUE,
  complete = TRUE
)
print(table)

ours <- read.csv("truth-table.csv", check.names = FALSE, fileEncoding = "UTF-8")
key <- function(rows) do.call(paste, rows[conditions])
theirs <- table$tt[match(key(ours), key(table$tt)), ]
seen <- ours$n > 0
stopifnot(
  all(ours$n == theirs$n),
  all(abs(ours$incl[seen] - as.numeric(theirs$incl[seen])) < 1e-6)
)
message("contradictory: ", paste(key(ours)[ours$contradictory], collapse = "; "))

if (any(table$tt$OUT == 1)) {
  print(minimize(table, details = TRUE))
} else {
  message("no configuration reaches the cut-off of ", cut)
}
