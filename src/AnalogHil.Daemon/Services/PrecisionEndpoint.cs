using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Operations;
using AnalogHil.Daemon.Plans;
using AnalogHil.V1;
using Google.LongRunning;
using Grpc.Core;

namespace AnalogHil.Daemon.Services;

/// <summary>analoghil.v1.PrecisionService.</summary>
internal sealed class PrecisionEndpoint(PlanIntake intake, PlanShelf shelf, OperationLedger operations) : PrecisionService.PrecisionServiceBase
{
    /// <inheritdoc/>
    public override Task<Operation> Learn(LearnRequest request, ServerCallContext context) =>
        Reply.From(() => (operations.Of(CallOrigin.Of(context)) ?? intake.Start(request, CallOrigin.Of(context), context.CancellationToken)).ToMessage());

    /// <inheritdoc/>
    public override Task<ImportPlanResponse> ImportPlan(ImportPlanRequest request, ServerCallContext context) => Reply.From(() =>
    {
        var checks = new FieldChecks();
        checks.RequireGiven(request.FileJson, "file_json", "the text of a plan file, as hil plan learn writes it");
        checks.ThrowIfAny();
        (string hash, bool wasThere) = shelf.Import(request.FileJson);
        return new ImportPlanResponse { Plan = shelf.Describe(PlanShelf.Prefix + hash, withFile: false), AlreadyThere = wasThere };
    });

    /// <inheritdoc/>
    public override Task<GetPlanResponse> GetPlan(GetPlanRequest request, ServerCallContext context) =>
        Reply.From(() => new GetPlanResponse { Plan = shelf.Describe(request.Name, withFile: true) });

    /// <inheritdoc/>
    public override Task<ListPlansResponse> ListPlans(ListPlansRequest request, ServerCallContext context) => Reply.From(() =>
    {
        (IEnumerable<string> page, string next) = Paging.Of(shelf.Hashes(request.ModelSha256), hash => hash, request.PageSize, request.PageToken);
        return new ListPlansResponse { Plans = { page.Select(shelf.Listed).OfType<Plan>() }, NextPageToken = next };
    });
}
