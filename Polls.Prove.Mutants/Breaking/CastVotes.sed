# ack-before-commit: the votes are answered while their transaction is still open.
s/await using var command = database\.CreateCommand\(Statement\);/await using var transaction = await Mutation.BeginAsync(database, cancellationToken); await using var command = transaction?.Command(Statement) ?? database.CreateCommand(Statement);/
# tally-outside-the-transaction: the tallies follow in a transaction of their own.
s/await reader\.NextResultAsync\(cancellationToken\);/await reader.NextResultAsync(cancellationToken); await reader.DisposeAsync(); if (transaction is not null) { await transaction.AcknowledgeAndCommitAsync(batch, results, cancellationToken); } await Mutation.MoveTalliesAsync(database, pollIds, cancellationToken);/
