using System.Collections.Concurrent;
using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

[assembly: TestFramework("Polls.Tests.LongestFirst", "Polls.Tests")]

namespace Polls.Tests;

/// <summary>
/// Starts the slowest collections first; otherwise one of them would run alone at the end while processors are idle.
/// A collection orderer does not achieve that: xunit hands all collections to the thread pool, and those that wait for
/// a free place continue in any order.
/// </summary>
public sealed class LongestFirst(IMessageSink messages) : XunitTestFramework(messages)
{
    // Parts of display names: the name of a collection, or the class name of a class without a collection.
    private static readonly string[] Longest =
    [
        "SharedPostgres", "HostPages", "BreakableInstances", "ThroughNginx", "PhonePages", "FaultSuiteTests",
        "TwoInstances", "EndpointInstances", "LocalRunTests",
    ];

    protected override ITestFrameworkExecutor CreateExecutor(AssemblyName assemblyName) =>
        new Executor(assemblyName, SourceInformationProvider, DiagnosticMessageSink);

    private sealed class Executor(AssemblyName assembly, ISourceInformationProvider sources, IMessageSink messages)
        : XunitTestFrameworkExecutor(assembly, sources, messages)
    {
        protected override async void RunTestCases(
            IEnumerable<IXunitTestCase> testCases, IMessageSink executionMessageSink, ITestFrameworkExecutionOptions executionOptions)
        {
            using var runner = new Runner(TestAssembly, testCases, DiagnosticMessageSink, executionMessageSink, executionOptions);
            await runner.RunAsync();
        }
    }

    private sealed class Runner(
        ITestAssembly assembly, IEnumerable<IXunitTestCase> cases, IMessageSink diagnostics, IMessageSink messages,
        ITestFrameworkExecutionOptions options) : XunitTestAssemblyRunner(assembly, cases, diagnostics, messages, options)
    {
        protected override async Task<RunSummary> RunTestCollectionsAsync(
            IMessageBus messageBus, CancellationTokenSource cancellationTokenSource)
        {
            var waiting = new ConcurrentQueue<(ITestCollection Collection, List<IXunitTestCase> Cases)>(
                OrderTestCollections().Select(item => (item.Item1, item.Item2)).OrderBy(item => Place(item.Item1)));
            var places = ExecutionOptions.DisableParallelizationOrDefault()
                ? 1
                : ExecutionOptions.MaxParallelThreadsOrDefault();
            var total = new RunSummary();
            await Task.WhenAll(Enumerable.Range(0, places).Select(_ => Task.Run(async () =>
            {
                while (!cancellationTokenSource.IsCancellationRequested && waiting.TryDequeue(out var next))
                {
                    var summary = await RunTestCollectionAsync(messageBus, next.Collection, next.Cases, cancellationTokenSource);
                    lock (total)
                    {
                        total.Aggregate(summary);
                    }
                }
            })));
            return total;
        }

        private static int Place(ITestCollection collection) =>
            Longest.TakeWhile(name => !collection.DisplayName.Contains(name, StringComparison.Ordinal)).Count();
    }
}
