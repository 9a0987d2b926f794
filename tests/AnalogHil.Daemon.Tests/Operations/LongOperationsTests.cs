using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Operations;
using AnalogHil.Ledger;
using AnalogHil.Ledger.Operations;
using AnalogHil.Ledger.Requests;
using AnalogHil.V1;
using Microsoft.Extensions.Logging.Abstractions;

namespace AnalogHil.Daemon.Tests.Operations;

/// <summary>What an operation holds is given back, however its beginning ends.</summary>
public sealed class LongOperationsTests
{
    [Fact]
    public void Start_ItCannotBeKept_GivesBackWhatItWouldHold()
    {
        using var operations = new LongOperations(new OperationLedger(TimeProvider.System, 10, new FullStore()), NullLogger<LongOperations>.Instance);
        var hold = new Hold();

        LedgerException refused = Assert.Throws<LedgerException>(() => operations.Start(Work(hold)));

        Assert.Equal((LedgerFault.Unwritable, 1), (refused.Fault, hold.GivenBack));
    }

    [Fact]
    public async Task Start_TheDaemonStops_GivesBackWhatItWouldHold()
    {
        using var operations = new LongOperations(new OperationLedger(TimeProvider.System, 10), NullLogger<LongOperations>.Instance);
        await operations.StopAsync(CancellationToken.None);
        var hold = new Hold();

        CampaignException refused = Assert.Throws<CampaignException>(() => operations.Start(Work(hold)));

        Assert.Equal((ErrorReason.QueueFull, 1), (refused.Reason, hold.GivenBack));
    }

    private static OperationTask Work(Hold hold) =>
        new("validate", "/b.json", new ValidateRequest(), OperationOrigin.Daemon, (_, _) => throw new NotSupportedException()) { Holds = hold };

    private sealed class Hold : IDisposable
    {
        public int GivenBack { get; private set; }

        public void Dispose() => GivenBack++;
    }

    /// <summary>A store on a full disk.</summary>
    private sealed class FullStore : IOperationStore
    {
        public OperationEntry Create(OperationDraft draft) => throw new LedgerException(LedgerFault.Unwritable, "the disk is full");

        public OperationEntry? OfRequest(RequestKey request) => null;

        public OperationEntry? Find(string name) => null;

        public IReadOnlyList<OperationEntry> List(string? kind = null, string? after = null, int most = 100) => [];

        public IReadOnlyList<OperationEntry> Unfinished() => [];

        public void Progress(string name, ReadOnlyMemory<byte> metadata) => throw new NotSupportedException();

        public void RequestCancel(string name) => throw new NotSupportedException();

        public OperationEntry End(string name, OperationState state, ReadOnlyMemory<byte> outcome, ReadOnlyMemory<byte>? metadata = null) =>
            throw new NotSupportedException();

        public void Remove(string name) => throw new NotSupportedException();

        public int Prune(int kept) => 0;
    }
}
