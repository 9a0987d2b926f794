using AnalogHil.Ledger.Operations;
using AnalogHil.Ledger.Requests;
using AnalogHil.Ledger.Tests.Fakes;

namespace AnalogHil.Ledger.Tests.Operations;

public sealed class OperationTests : IDisposable
{
    private readonly LedgerFolder _folder = new();

    private IOperationStore Operations => _folder.Store.Operations;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Create_ThenRestart_IsUnfinishedWithAllItHolds()
    {
        Operations.Create(Draft("a"));
        Operations.Progress("a", "half"u8.ToArray());
        Operations.RequestCancel("a");

        OperationEntry found = Assert.Single(_folder.Reopen().Operations.Unfinished());

        Assert.Equal((OperationState.Running, true), (found.State, found.CancelRequested));
        Assert.Equal("half"u8.ToArray(), found.Draft.Metadata.ToArray());
        Assert.Equal("request"u8.ToArray(), found.Draft.Request.ToArray());
    }

    [Fact]
    public void Create_SameRequestAgain_GivesTheFirst()
    {
        var key = new RequestKey("uid:1", "r");
        Operations.Create(Draft("a") with { RequestKey = key });

        Assert.Equal("a", Operations.Create(Draft("b") with { RequestKey = key }).Name);
        Assert.Single(Operations.List());
    }

    [Fact]
    public void Create_NameTaken_IsAConflict()
    {
        Operations.Create(Draft("a"));
        Assert.Equal(LedgerFault.Conflict, Assert.Throws<LedgerException>(() => Operations.Create(Draft("a"))).Fault);
    }

    [Fact]
    public void End_Once_StaysAsItIs()
    {
        Operations.Create(Draft("a"));
        Operations.End("a", OperationState.Succeeded, "result"u8.ToArray(), "last"u8.ToArray());
        Operations.Progress("a", "late"u8.ToArray());
        OperationEntry ended = Operations.End("a", OperationState.Succeeded, "result"u8.ToArray());

        Assert.Equal("last"u8.ToArray(), ended.Draft.Metadata.ToArray());
        Assert.Equal("result"u8.ToArray(), ended.Result!.Value.ToArray());
        Assert.Null(ended.Error);
        Assert.Equal(LedgerFault.Conflict, Assert.Throws<LedgerException>(() => Operations.End("a", OperationState.Failed, default)).Fault);
        Assert.Empty(Operations.Unfinished());
    }

    [Fact]
    public void List_Pages_InOrderOfAge()
    {
        foreach (string name in new[] { "c", "a", "b" })
        {
            Operations.Create(Draft(name));
            _folder.Clock.Jump(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(["c", "a"], Operations.List(most: 2).Select(entry => entry.Name));
        Assert.Equal(["b"], Operations.List(after: "a", most: 2).Select(entry => entry.Name));
        Assert.Empty(Operations.List(kind: "another"));
    }

    [Fact]
    public void Prune_KeepsTheYoungestEndedAndAllThatRun()
    {
        foreach (string name in new[] { "a", "b", "c", "d" })
        {
            Operations.Create(Draft(name));
            _folder.Clock.Jump(TimeSpan.FromSeconds(1));
            if (name != "a")
            {
                Operations.End(name, OperationState.Failed, default);
            }
        }

        Assert.Equal(2, Operations.Prune(1));
        Assert.Equal(["a", "d"], Operations.List().Select(entry => entry.Name));
    }

    private static OperationDraft Draft(string name) => new(name, "campaign.run", "uid:1", "request"u8.ToArray(), "none"u8.ToArray());
}
