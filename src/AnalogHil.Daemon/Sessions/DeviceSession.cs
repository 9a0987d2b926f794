using System.Collections.Immutable;
using AnalogHil.Daemon.Deployments;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Daemon.Sessions;

/// <summary>A device that calls of clients drive, from arming to disarming; its bench is held meanwhile.</summary>
internal sealed class DeviceSession(string path, AttendedDevice device, IDisposable hold) : IAsyncDisposable
{
    /// <summary>Name under which it holds its bench.</summary>
    public const string HolderName = "session";

    /// <summary>Bench file.</summary>
    public string Path => path;

    /// <summary>The device.</summary>
    public AttendedDevice Device => device;

    /// <summary>Changes of the device come one after the other.</summary>
    public ChangeTurns Changes { get; } = new(path);

    /// <summary>Rows and columns of every block programmed in this session, by number.</summary>
    public ImmutableDictionary<int, MatrixSize> Blocks { get; set; } = ImmutableDictionary<int, MatrixSize>.Empty;

    /// <summary>The network on the device; null when it was programmed block by block, or not at all.</summary>
    public StagedNetwork? Network { get; set; }

    /// <summary>Hash of the settings before the last commit of this session, which a rollback puts back in force; null: it saw none.</summary>
    public string? Previous { get; set; }

    /// <summary>What was programmed.</summary>
    public void Programmed(IReadOnlyList<BlockProgram> programs) =>
        Blocks = programs.ToImmutableDictionary(program => program.Block, program => new MatrixSize(program.Rows, program.Columns));

    /// <summary>Nothing is known of what is on the device.</summary>
    public void Forget()
    {
        Blocks = ImmutableDictionary<int, MatrixSize>.Empty;
        Network = null;
        Previous = null;
    }

    /// <summary>Makes a change when those before it are through.</summary>
    /// <param name="change">The change.</param>
    /// <param name="cancellationToken">Gives the waiting up.</param>
    /// <exception cref="Errors.CampaignException">BenchBusy: an operation holds the device.</exception>
    public async Task<T> InTurnAsync<T>(Func<Task<T>> change, CancellationToken cancellationToken)
    {
        using ChangeTurns.Turn turn = await Changes.TakeAsync(cancellationToken).ConfigureAwait(false);
        return await change().ConfigureAwait(false);
    }

    /// <summary>Makes the device safe, closes it and gives the bench back.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await device.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            hold.Dispose();
        }
    }
}
