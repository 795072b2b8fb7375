using System.Collections.Concurrent;
using System.Reflection;
using Polls.Tests.AppHost;
using Polls.Tests.Endpoints;
using Polls.Tests.Journeys;
using Polls.Tests.Nginx;
using Polls.Tests.Prove;
using Polls.Tests.Storage;
using Polls.Tests.Web;
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
    // The names of collections, and of classes without one: the ends of display names.
    private static readonly string[] Longest =
    [
        nameof(SharedPostgres), nameof(HostPages), nameof(BreakableInstances), nameof(ThroughNginx), nameof(PhonePages),
        nameof(FaultSuiteTests), nameof(TwoInstances), nameof(EndpointInstances), nameof(LocalRunTests),
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
            // Negative: no limit.
            var limit = ExecutionOptions.MaxParallelThreadsOrDefault();
            var places = ExecutionOptions.DisableParallelizationOrDefault() ? 1 : limit < 0 ? waiting.Count : limit;
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
            Longest.TakeWhile(name => !collection.DisplayName.EndsWith(name, StringComparison.Ordinal)).Count();
    }
}
