using AnalogHil.Daemon.Errors;
using AnalogHil.Ledger.Audit;
using AnalogHil.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace AnalogHil.Daemon.Services;

/// <summary>analoghil.v1.AuditService.</summary>
internal sealed class AuditEndpoint(IAuditChain chain) : AuditService.AuditServiceBase
{
    private const int Usual = 50;
    private const int Most = 1000;

    /// <inheritdoc/>
    public override Task<ListAuditEntriesResponse> ListAuditEntries(ListAuditEntriesRequest request, ServerCallContext context) => Reply.From(() =>
    {
        var checks = new FieldChecks();
        checks.Require(request.PageSize is >= 0 and <= Most, "page_size", $"is {request.PageSize}, must lie in 0 .. {Most}; 0 takes {Usual}");
        checks.Require(request.AfterSequence >= 0, "after_sequence", $"is {request.AfterSequence}, must not be negative");
        checks.ThrowIfAny();
        return new ListAuditEntriesResponse
        {
            Entries = { chain.List(request.AfterSequence, request.PageSize == 0 ? Usual : request.PageSize).Select(ToMessage) },
        };
    });

    /// <inheritdoc/>
    public override Task<VerifyAuditResponse> VerifyAudit(VerifyAuditRequest request, ServerCallContext context) => Reply.From(() =>
    {
        AuditVerdict verdict = chain.Verify();
        return new VerifyAuditResponse
        {
            Intact = verdict.IsWhole,
            Entries = verdict.Entries,
            Problem = verdict.IsWhole ? "" : verdict.Message,
            LastHash = verdict.IsWhole && verdict.Entries > 0 ? chain.List(verdict.Entries - 1, 1)[0].Hash : "",
        };
    });

    private static AuditRecord ToMessage(AuditEntry entry) => new()
    {
        Sequence = entry.Sequence,
        Time = Timestamp.FromDateTimeOffset(entry.At),
        Actor = entry.Actor,
        Action = entry.Action,
        Subject = entry.Subject,
        Detail = entry.Detail,
        Hash = entry.Hash,
    };
}
