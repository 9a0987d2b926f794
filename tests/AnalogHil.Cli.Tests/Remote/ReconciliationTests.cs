using AnalogHil.Cli.Remote;
using AnalogHil.Cli.Sessions;
using AnalogHil.V1;

namespace AnalogHil.Cli.Tests.Remote;

public sealed class ReconciliationTests
{
    [Fact]
    public async Task OfAsync_OutcomeUnknown_IsSettledByWhatTheDeviceHolds()
    {
        Assert.Equal("new", await Reconciliation.OfAsync(() => Fails(ErrorReason.OutcomeUnknown), () => Task.FromResult("new"), found => found == "new"));

        CliException old = await Assert.ThrowsAsync<CliException>(
            () => Reconciliation.OfAsync(() => Fails(ErrorReason.OutcomeUnknown), () => Task.FromResult("old"), found => found == "new"));
        Assert.Equal(ExitCode.Unavailable, old.ExitCode);
        Assert.Contains("was not made", old.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OfAsync_DeviceIsSilentToo_SaysBoth()
    {
        CliException silent = await Assert.ThrowsAsync<CliException>(
            () => Reconciliation.OfAsync(() => Fails(ErrorReason.OutcomeUnknown), () => Fails(ErrorReason.DeviceUnavailable), _ => true));

        Assert.Equal(ExitCode.DeviceFault, silent.ExitCode);
        Assert.Contains("OutcomeUnknown (read back: DeviceUnavailable)", silent.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OfAsync_RefusedOrMade_ReadsNothingBack()
    {
        static Task<string> Never() => throw new InvalidOperationException("nothing is to be read back");

        Assert.Equal("made", await Reconciliation.OfAsync(() => Task.FromResult("made"), Never, _ => true));
        await Assert.ThrowsAsync<RefusedException>(() => Reconciliation.OfAsync(() => Fails(ErrorReason.Stale), Never, _ => true));
    }

    private static Task<string> Fails(ErrorReason reason) =>
        throw new RefusedException(ExitCodes.Of(reason), reason, reason.ToString(), new InvalidOperationException());
}
