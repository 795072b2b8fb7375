# ack-before-commit: receipts are sent while the transaction is still open.
# tally-outside-the-transaction: the tallies are updated in a second transaction.
s/await using var command = database\.CreateCommand\(Statement\);/await using var broken = await BrokenCast.BeginAsync(database, pollIds, cancellationToken); await using var command = broken.Command(Statement);/
s/await reader\.NextResultAsync\(cancellationToken\);/await reader.NextResultAsync(cancellationToken); broken.Done(batch, results);/
