using AnalogHil.Daemon.Calibrations;
using AnalogHil.Daemon.Enforcement;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Operations;
using AnalogHil.Ledger.Calibrations;
using AnalogHil.Ledger.Requests;
using AnalogHil.V1;
using Google.LongRunning;
using Grpc.Core;

namespace AnalogHil.Daemon.Services;

/// <summary>analoghil.v1.CalibrationService.</summary>
internal sealed class CalibrationEndpoint(CalibrationIntake intake, CalibrationShelf shelf, OperationLedger operations, IRequestStore requests)
    : CalibrationService.CalibrationServiceBase
{
    private const double UsualFamilyLevel = 0.05;

    /// <inheritdoc/>
    public override Task<Operation> Calibrate(CalibrateRequest request, ServerCallContext context) =>
        Reply.From(() => (operations.Of(CallOrigin.Of(context)) ?? intake.Start(request, CallOrigin.Of(context), CallOrigin.RightOf(context))).ToMessage());

    /// <inheritdoc/>
    public override Task<GetCalibrationResponse> GetCalibration(GetCalibrationRequest request, ServerCallContext context) =>
        Reply.From(() => new GetCalibrationResponse { Calibration = Message(shelf.Find(request.Name), withDocument: true) });

    /// <inheritdoc/>
    public override Task<ListCalibrationsResponse> ListCalibrations(ListCalibrationsRequest request, ServerCallContext context) => Reply.From(() =>
    {
        string? device = request.Device.Length == 0 ? null : request.Device;
        (IEnumerable<CalibrationEntry> page, string next) = Paging.Read(
            (before, most) => shelf.History(device, before is null ? null : shelf.Find(before).Id, most),
            entry => entry.Id,
            request.PageSize,
            request.PageToken);
        return new ListCalibrationsResponse { Calibrations = { page.Select(entry => Message(entry)) }, NextPageToken = next };
    });

    /// <inheritdoc/>
    public override Task<CompareCalibrationsResponse> CompareCalibrations(CompareCalibrationsRequest request, ServerCallContext context) => Reply.From(() =>
    {
        double level = request.HasFamilyLevel ? request.FamilyLevel : UsualFamilyLevel;
        var checks = new FieldChecks();
        checks.Require(level is > 0 and < 1, "family_level", FormattableString.Invariant($"is {level}, must lie strictly between 0 and 1; 0.05 is usual"));
        checks.ThrowIfAny();
        CalibrationDocument first = CalibrationShelf.DocumentOf(shelf.Find(request.First));
        return DocumentComparison.Of(first, CalibrationShelf.DocumentOf(shelf.Find(request.Second)), level).ToMessage();
    });

    /// <inheritdoc/>
    public override Task<ActivateCalibrationResponse> ActivateCalibration(ActivateCalibrationRequest request, ServerCallContext context) =>
        Reply.From(() => requests.Commit(
            context, () => new ActivateCalibrationResponse { Calibration = Message(shelf.Activate(request.Name, CallOrigin.Of(context).Owner)) }));

    /// <inheritdoc/>
    public override Task<RollbackCalibrationResponse> RollbackCalibration(RollbackCalibrationRequest request, ServerCallContext context) => Reply.From(() =>
    {
        var checks = new FieldChecks();
        checks.RequireGiven(request.Device, "device", "the uid of a device, as ListCalibrations shows it");
        Reasoned(checks, request.Reason);
        return requests.Commit(context, () => new RollbackCalibrationResponse
        {
            Calibration = Message(shelf.Rollback(request.Device, CallOrigin.Of(context).Owner, request.Reason)),
        });
    });

    /// <inheritdoc/>
    public override Task<MarkCalibrationBadResponse> MarkCalibrationBad(MarkCalibrationBadRequest request, ServerCallContext context) => Reply.From(() =>
    {
        Reasoned(new FieldChecks(), request.Reason);
        return requests.Commit(context, () => new MarkCalibrationBadResponse
        {
            Calibration = Message(shelf.MarkBad(request.Name, CallOrigin.Of(context).Owner, request.Reason)),
        });
    });

    private static void Reasoned(FieldChecks checks, string reason)
    {
        checks.RequireGiven(reason.Trim(), "reason", "why, for those who look at the history later");
        checks.ThrowIfAny();
    }

    private V1.Calibration Message(CalibrationEntry entry, bool withDocument = false) =>
        entry.ToMessage(shelf.ActiveId(entry.DeviceUid) == entry.Id, withDocument);
}
