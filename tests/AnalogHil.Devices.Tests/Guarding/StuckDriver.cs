using System.Threading.Channels;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Devices.Tests.Guarding;

/// <summary>A driver that can get stuck, heeds no token, and goes on when it is released.</summary>
internal sealed class StuckDriver(IAnalogDevice inner) : IAnalogDevice
{
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<string> _begun = Channel.CreateUnbounded<string>();
    private readonly TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Calls that get stuck, by name; "everything" for all.</summary>
    public HashSet<string> Stuck { get; } = [];

    /// <summary>Whether the thread of the caller is held too.</summary>
    public bool Blocks { get; init; }

    /// <summary>How often making safe was begun.</summary>
    public int SafeAttempts { get; private set; }

    public DeviceCapabilities Capabilities => inner.Capabilities;

    /// <summary>Ends when an execution that was stuck has written its outputs after all.</summary>
    public Task LateWrite => _written.Task;

    /// <summary>Ends when the next call that is stuck, or the next execution, is inside the driver.</summary>
    public async Task BegunAsync(string call) => Assert.Equal(call, await _begun.Reader.ReadAsync());

    public void Release() => _released.TrySetResult();

    public async ValueTask<DeviceIdentity> IdentifyAsync(CancellationToken cancellationToken)
    {
        await HoldAsync("identify");
        return await inner.IdentifyAsync(default);
    }

    public async ValueTask ArmAsync(long epoch, CancellationToken cancellationToken)
    {
        await HoldAsync("arm");
        await inner.ArmAsync(epoch, default);
    }

    public async ValueTask ProgramAsync(IReadOnlyList<BlockProgram> blocks, CancellationToken cancellationToken)
    {
        await HoldAsync("program");
        await inner.ProgramAsync(blocks, default);
    }

    public async ValueTask StageAsync(RedundancySettings settings, CancellationToken cancellationToken)
    {
        await HoldAsync("stage");
        await inner.StageAsync(settings, default);
    }

    public async ValueTask<RedundancySettings> ReadBackAsync(SettingsBank bank, CancellationToken cancellationToken)
    {
        await HoldAsync("read back");
        return await inner.ReadBackAsync(bank, default);
    }

    public async ValueTask CommitAsync(string expectedHash, CancellationToken cancellationToken)
    {
        await HoldAsync("commit");
        await inner.CommitAsync(expectedHash, default);
    }

    public async ValueTask RollBackAsync(CancellationToken cancellationToken)
    {
        await HoldAsync("roll back");
        await inner.RollBackAsync(default);
    }

    public async ValueTask<ExecuteReply> ExecuteAsync(ExecuteRequest request, CancellationToken cancellationToken)
    {
        if (IsStuck("execute"))
        {
            return await LateAsync(request);
        }

        ValueTask<ExecuteReply> reply = inner.ExecuteAsync(request, default);
        _begun.Writer.TryWrite("execute");
        return await reply;
    }

    public async ValueTask<DeviceTelemetry> ReadTelemetryAsync(CancellationToken cancellationToken)
    {
        await HoldAsync("read telemetry");
        return await inner.ReadTelemetryAsync(default);
    }

    public async ValueTask EnterSafeStateAsync(CancellationToken cancellationToken)
    {
        SafeAttempts++;
        await HoldAsync("make safe");
        await inner.EnterSafeStateAsync(default);
    }

    public async ValueTask DisposeAsync()
    {
        await HoldAsync("close");
        await inner.DisposeAsync();
    }

    // A late driver writes into whatever memory it was given, and then fails, as a broken link does.
    private async Task<ExecuteReply> LateAsync(ExecuteRequest request)
    {
        await HoldAsync("execute");
        request.Outputs.Span.Fill(float.NaN);
        _written.SetResult();
        throw new DeviceException(DeviceFault.CorruptReply, "the late reply of a stuck driver; nobody should see it");
    }

    private bool IsStuck(string call) => Stuck.Contains(call) || Stuck.Contains("everything");

    private Task HoldAsync(string call)
    {
        if (!IsStuck(call))
        {
            return Task.CompletedTask;
        }

        _begun.Writer.TryWrite(call);
        if (Blocks)
        {
            _released.Task.GetAwaiter().GetResult();
        }

        return _released.Task;
    }
}
