using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Polls.Tests.Servers;

/// <summary>
/// All tests come from one address, and fast, so instances have no rate limits except where a test enables them
/// (<c>Limits/</c>). Tests sign in hundreds of times, so a password hash costs a seventh of the default, which is still
/// far more than the rest of a request. <c>PasswordCostTests</c> checks the default.
/// </summary>
internal static class WithoutLimits
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Before the first process is started.")]
    internal static void Begin()
    {
        Environment.SetEnvironmentVariable("Limits__Enabled", "false");
        Environment.SetEnvironmentVariable("Accounts__PasswordIterations", "30000");
    }
}
