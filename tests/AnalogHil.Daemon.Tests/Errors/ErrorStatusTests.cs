using AnalogHil.Daemon.Errors;
using AnalogHil.Rpc.Errors;
using AnalogHil.V1;
using Google.Rpc;

namespace AnalogHil.Daemon.Tests.Errors;

public sealed class ErrorStatusTests
{
    public static TheoryData<ErrorReason> EveryReason => [.. Enum.GetValues<ErrorReason>().Where(reason => reason != ErrorReason.Unspecified)];

    [Theory]
    [MemberData(nameof(EveryReason))]
    public void Of_AReason_ComesBackFromTheStatus(ErrorReason reason)
    {
        Status status = ErrorStatus.Of(new CampaignException(reason, "cause, value, limit, remedy"));

        Assert.Equal(reason, ErrorStatus.ReasonOf(status));
        Assert.NotEqual((int)Code.Ok, status.Code);
        Assert.Equal("cause, value, limit, remedy", status.Message);
    }

    [Fact]
    public void WireName_OfAReason_IsUpperSnakeCase() => Assert.Equal("PLAN_DOES_NOT_FIT", ErrorReasons.WireName(ErrorReason.PlanDoesNotFit));

    [Fact]
    public void Of_HundredFieldErrors_FitsIntoATrailerAndSaysHowManyAreLeftOut()
    {
        var error = new CampaignException(ErrorReason.BenchInvalid, "100 errors")
        {
            Fields = [.. Enumerable.Range(0, 100).Select(i => new FieldError($"bench/rules/{i}", new string('x', 90)))],
        };

        Status status = ErrorStatus.Of(error);

        Assert.Empty(status.ToRpcException().Status.Detail.Split("left out").Skip(1));
        FieldError[] fields = [.. ErrorStatus.FieldsOf(status)];
        Assert.Equal("bench/rules/0", fields[0].Path);
        Assert.Equal($"{100 - (fields.Length - 1)} more errors do not fit into a reply; mend these first, or see them all with: hil bench check FILE", fields[^1].Message);
    }

    [Fact]
    public void ReasonOf_ForeignStatus_IsUnspecified() =>
        Assert.Equal(ErrorReason.Unspecified, ErrorStatus.ReasonOf(new Status { Code = 14, Message = "connection refused" }));
}
