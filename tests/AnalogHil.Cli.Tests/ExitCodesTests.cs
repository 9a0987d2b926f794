using AnalogHil.V1;

namespace AnalogHil.Cli.Tests;

public sealed class ExitCodesTests
{
    public static TheoryData<ErrorReason> EveryReason => [.. Enum.GetValues<ErrorReason>().Where(reason => reason != ErrorReason.Unspecified)];

    [Theory]
    [InlineData(Verdict.Accept, 0)]
    [InlineData(Verdict.Reject, 1)]
    [InlineData(Verdict.Inconclusive, 2)]
    public void Of_AVerdict_IsItsStableNumber(Verdict verdict, int code) => Assert.Equal(code, (int)ExitCodes.Of(verdict));

    [Theory]
    [InlineData(ErrorReason.RequestInvalid, 64)]
    [InlineData(ErrorReason.BenchInvalid, 65)]
    [InlineData(ErrorReason.ModelInvalid, 65)]
    [InlineData(ErrorReason.DataInvalid, 65)]
    [InlineData(ErrorReason.NotFound, 65)]
    [InlineData(ErrorReason.BenchBusy, 69)]
    [InlineData(ErrorReason.QueueFull, 69)]
    [InlineData(ErrorReason.DeviceUnavailable, 69)]
    [InlineData(ErrorReason.Internal, 70)]
    [InlineData(ErrorReason.OutputUnwritable, 73)]
    [InlineData(ErrorReason.Cancelled, 75)]
    [InlineData(ErrorReason.DeviceFault, 76)]
    [InlineData(ErrorReason.CalibrationFailed, 76)]
    [InlineData(ErrorReason.PlanDoesNotFit, 78)]
    [InlineData(ErrorReason.NotResumable, 78)]
    [InlineData(ErrorReason.LeaseRequired, 77)]
    [InlineData(ErrorReason.LeaseHeld, 77)]
    [InlineData(ErrorReason.Fenced, 77)]
    [InlineData(ErrorReason.RequestIdInvalid, 64)]
    [InlineData(ErrorReason.RoleInsufficient, 77)]
    [InlineData(ErrorReason.Unauthenticated, 77)]
    [InlineData(ErrorReason.OutcomeUnknown, 76)]
    [InlineData(ErrorReason.NotArmed, 78)]
    [InlineData(ErrorReason.Stale, 75)]
    [InlineData(ErrorReason.Interrupted, 75)]
    [InlineData(ErrorReason.TooLarge, 64)]
    [InlineData(ErrorReason.HashMismatch, 65)]
    [InlineData(ErrorReason.PlanInvalid, 65)]
    public void Of_AFailure_IsItsStableNumber(ErrorReason reason, int code) => Assert.Equal(code, (int)ExitCodes.Of(reason));

    [Theory]
    [MemberData(nameof(EveryReason))]
    public void Of_AnyFailure_IsNoVerdict(ErrorReason reason) => Assert.True((int)ExitCodes.Of(reason) >= 64);

    [Fact]
    public void Help_NamesEveryCode() =>
        Assert.All(Enum.GetValues<ExitCode>(), code => Assert.Contains($" {(int)code}  ", ExitCodes.Help, StringComparison.Ordinal));
}
