using Microsoft.Extensions.Hosting;

namespace AnalogHil.Daemon.Hosting;

/// <summary>The life of a daemon inside another program: it stops when that program says so, and signals are that program's.</summary>
internal sealed class EmbeddedLifetime : IHostLifetime
{
    /// <inheritdoc/>
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
