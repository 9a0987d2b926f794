using AnalogHil.Daemon.Benches;
using AnalogHil.Daemon.Enforcement;
using AnalogHil.Daemon.Errors;
using AnalogHil.Ledger.Export;
using AnalogHil.Ledger.Journal;
using AnalogHil.Ledger.Requests;
using AnalogHil.V1;
using Google.Protobuf;
using Grpc.Core;

namespace AnalogHil.Daemon.Journaling;

/// <summary>analoghil.v1.JournalService.</summary>
internal sealed class JournalEndpoint(
    IIntentJournal journal, ReconcilerByKind reconciler, LedgerExport export, BenchDirectory benches, IRequestStore requests)
    : JournalService.JournalServiceBase
{
    private const int ChunkBytes = 64 * 1024;

    /// <inheritdoc/>
    public override Task<ListUnsettledChangesResponse> ListUnsettledChanges(ListUnsettledChangesRequest request, ServerCallContext context) =>
        Task.FromResult(new ListUnsettledChangesResponse { Changes = { journal.Unsettled().Select(change => change.ToMessage()) } });

    /// <inheritdoc/>
    public override async Task<ReconcileChangesResponse> ReconcileChanges(ReconcileChangesRequest request, ServerCallContext context)
    {
        string? bench = request.Bench.Length > 0 ? benches.Locate(request.Bench) : null;
        IReadOnlyList<Intent> changes = await journal.RecoverAsync(reconciler, bench, context.CancellationToken).ConfigureAwait(false);
        return new ReconcileChangesResponse { Changes = { changes.Select(change => change.ToMessage()) } };
    }

    /// <inheritdoc/>
    public override Task<SettleChangeResponse> SettleChange(SettleChangeRequest request, ServerCallContext context)
    {
        if (string.IsNullOrWhiteSpace(request.Reason))
        {
            throw Wrong("reason", "is missing; say what the outcome is known from, for the audit chain");
        }

        IntentOutcome outcome = request.Outcome switch
        {
            ChangeOutcome.Old => IntentOutcome.Old,
            ChangeOutcome.New => IntentOutcome.New,
            _ => throw Wrong("outcome", "must be old or new: look at the device first"),
        };
        return Task.FromResult(requests.Commit(context, () => new SettleChangeResponse
        {
            Change = journal.Settle(request.Id, outcome, context.Caller().Name, request.Reason).ToMessage(),
        }));
    }

    /// <inheritdoc/>
    public override async Task ExportEntry(ExportEntryRequest request, IServerStreamWriter<ExportEntryResponse> responseStream, ServerCallContext context)
    {
        ExportKind kind = request.Kind.ToExportKind() ?? throw Wrong("kind", "is none of the sorts of entry");
        DirectoryInfo directory = Directory.CreateTempSubdirectory("analoghil-export-");
        try
        {
            foreach (string file in export.Write(kind, request.Name, directory.FullName))
            {
                byte[] bytes = await File.ReadAllBytesAsync(file, context.CancellationToken).ConfigureAwait(false);
                foreach (byte[] chunk in bytes.Chunk(ChunkBytes))
                {
                    var part = new ExportEntryResponse { FileName = Path.GetFileName(file), Chunk = ByteString.CopyFrom(chunk) };
                    await responseStream.WriteAsync(part, context.CancellationToken).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static CampaignException Wrong(string field, string what) =>
        new(ErrorReason.RequestInvalid, $"the request has errors: {field} {what}") { Fields = [new FieldError(field, what)] };
}
