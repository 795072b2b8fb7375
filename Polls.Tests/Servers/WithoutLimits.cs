using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Polls.Tests.Servers;

/// <summary>
/// Tests come from one address, and fast: instances that they start have no rate limits, except where a test turns them on
/// (<c>Limits/</c>).
/// </summary>
internal static class WithoutLimits
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Before the first process is started.")]
    internal static void Begin() => Environment.SetEnvironmentVariable("Limits__Enabled", "false");
}
