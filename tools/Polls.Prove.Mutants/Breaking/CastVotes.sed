# ack-before-commit: the votes are answered while their transaction is still open.
# tally-outside-the-transaction: the tallies follow in a transaction of their own.
s/await using var command = database\.CreateCommand\(Statement\);/await using var broken = await BrokenCast.BeginAsync(database, pollIds, cancellationToken); await using var command = broken.Command(Statement);/
s/await reader\.NextResultAsync\(cancellationToken\);/await reader.NextResultAsync(cancellationToken); broken.Done(batch, results);/
