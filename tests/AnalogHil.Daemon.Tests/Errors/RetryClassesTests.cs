using AnalogHil.Daemon.Errors;
using AnalogHil.Rpc.Errors;
using AnalogHil.V1;
using Google.Rpc;

namespace AnalogHil.Daemon.Tests.Errors;

public sealed class RetryClassesTests
{
    [Fact]
    public void Of_EveryReason_AgreesWithItsStatusCode()
    {
        foreach (ErrorReason reason in Enum.GetValues<ErrorReason>())
        {
            Code code = ErrorStatus.CodeOf(reason);
            RetryClass retry = RetryClasses.Of(reason);

            // UNAVAILABLE is said only of what was certainly not executed; nothing that may be repeated later comes under another code but a full queue.
            Assert.Equal(code is Code.Unavailable or Code.ResourceExhausted, retry == RetryClass.Later);
            Assert.Equal(retry == RetryClass.Later, RetryClasses.PauseOf(reason) is not null);
            Assert.True(code != Code.Internal || reason is ErrorReason.Internal or ErrorReason.Unspecified, $"{reason} has no code of its own");
        }
    }

    [Fact]
    public void StatusOf_Unavailable_SaysWhenToComeAgain()
    {
        Status status = ErrorStatus.Of(new CampaignException(ErrorReason.DeviceUnavailable, "silent"));

        Assert.Equal(TimeSpan.FromSeconds(1), status.GetDetail<RetryInfo>()!.RetryDelay.ToTimeSpan());
        Assert.Null(status.GetDetail<PreconditionFailure>());
    }

    [Fact]
    public void StatusOf_FailedPrecondition_NamesBenchAndHolder()
    {
        var busy = new CampaignException(ErrorReason.BenchBusy, "held")
        {
            Metadata = System.Collections.Immutable.ImmutableDictionary<string, string>.Empty.Add("bench", "b1").Add("holder", "operations/1"),
        };

        PreconditionFailure.Types.Violation violation = Assert.Single(ErrorStatus.Of(busy).GetDetail<PreconditionFailure>()!.Violations);

        Assert.Equal(("BENCH_BUSY", "b1", "operations/1"), (violation.Type, violation.Subject, violation.Description));
    }

    [Fact]
    public void StatusOf_AThousandBadFields_StaysUnderSixKilobytes()
    {
        var checks = new FieldChecks();
        for (int i = 0; i < 1000; i++)
        {
            checks.Add($"batches[{i}].inputs", "has 3 values, 12 are needed; give a value for every row");
        }

        CampaignException refused = Assert.Throws<CampaignException>(() => checks.ThrowIfAny());
        Status status = ErrorStatus.Of(refused);

        Assert.InRange((status.CalculateSize() + 2) / 3 * 4, 1, 6 * 1024);
        Assert.Contains("997 more", refused.Message, StringComparison.Ordinal);
        Assert.Contains(ErrorStatus.FieldsOf(status), field => field.Message.Contains("more errors", StringComparison.Ordinal));
    }
}
