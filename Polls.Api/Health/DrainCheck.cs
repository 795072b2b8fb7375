using Microsoft.Extensions.Diagnostics.HealthChecks;
using Polls.Api.Instance;

namespace Polls.Api.Health;

/// <summary>Fails once the instance has received a stop request.</summary>
internal sealed class DrainCheck(Drain drain, IHostApplicationLifetime lifetime) : IHealthCheck
{
    /// <inheritdoc />
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(drain.Started || lifetime.ApplicationStopping.IsCancellationRequested
            ? HealthCheckResult.Unhealthy()
            : HealthCheckResult.Healthy());
}
