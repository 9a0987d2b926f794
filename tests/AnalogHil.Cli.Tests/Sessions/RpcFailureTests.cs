using AnalogHil.Cli.Sessions;
using AnalogHil.Daemon.Errors;
using AnalogHil.V1;

namespace AnalogHil.Cli.Tests.Sessions;

public sealed class RpcFailureTests
{
    [Fact]
    public void LinesOf_MessageThatNamesTheField_SaysItOnce()
    {
        string[] lines = Lines("the request has errors: data is missing", new FieldError("data", "is missing"));

        Assert.Equal(["hil: the request has errors: data is missing"], lines);
    }

    [Fact]
    public void LinesOf_MessageOfTheOnlyField_NamesTheField()
    {
        string[] lines = Lines("has 0 rows", new FieldError("bench.$.rows", "has 0 rows"));

        Assert.Equal(["hil: bench.$.rows: has 0 rows"], lines);
    }

    [Fact]
    public void LinesOf_FieldsBesideTheMessage_AreAllListed()
    {
        string[] lines = Lines("2 errors in the inputs", new FieldError("model", "is empty"), new FieldError("", "more errors"));

        Assert.Equal(["hil: 2 errors in the inputs", "  model: is empty", "  more errors"], lines);
    }

    [Fact]
    public void MessageOf_BenchBusy_NamesTheOptionThatWaits() => Assert.EndsWith(
        "(hil run --wait)", RpcFailure.MessageOf(ErrorStatus.Of(new CampaignException(ErrorReason.BenchBusy, "held"))), StringComparison.Ordinal);

    [Fact]
    public void MessageOf_BusyWithAWayOutOfItsOwn_StaysAsItIs()
    {
        const string Held = "bench crossbar is held by operations/1; wait for its end (hil campaign watch operations/1)";
        Assert.Equal(Held, RpcFailure.MessageOf(ErrorStatus.Of(new CampaignException(ErrorReason.BenchBusy, Held))));
    }

    [Fact]
    public void MessageOf_NobodyListens_SaysHowToStartADaemon()
    {
        var status = new Google.Rpc.Status { Code = (int)Google.Rpc.Code.Unavailable, Message = "Cannot connect to unix:/x: Connection refused; is it there?" };

        Assert.EndsWith("is it there; start a daemon with hil daemon, or let hil doctor say what is wrong", RpcFailure.MessageOf(status), StringComparison.Ordinal);
    }

    private static string[] Lines(string message, params FieldError[] fields) =>
        [.. RpcFailure.LinesOf(ErrorStatus.Of(new CampaignException(ErrorReason.RequestInvalid, message) { Fields = [.. fields] }))];
}
