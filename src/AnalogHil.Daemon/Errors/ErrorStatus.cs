using AnalogHil.Rpc.Errors;
using AnalogHil.V1;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;

namespace AnalogHil.Daemon.Errors;

/// <summary>
/// Errors as google.rpc.Status: one ErrorInfo, one BadRequest where fields are to blame, one PreconditionFailure where the state of
/// something is, one RetryInfo where the same call may be made again.
/// </summary>
public static class ErrorStatus
{
    /// <summary>Most bytes of a status: in base64 it grows by a third and must fit into a trailer.</summary>
    private const int MostBytes = RpcStatus.MaxTrailerLength * 3 / 4 - 64;

    /// <summary>Bytes kept for the sentence that says how many errors are left out, and for what wraps the details.</summary>
    private const int RoomForRest = 200;

    /// <summary>Status code of each reason.</summary>
    public static Code CodeOf(ErrorReason reason) => reason switch
    {
        ErrorReason.BenchInvalid or ErrorReason.ModelInvalid or ErrorReason.DataInvalid or ErrorReason.RequestInvalid
            or ErrorReason.RequestIdInvalid or ErrorReason.TooLarge or ErrorReason.PlanInvalid => Code.InvalidArgument,
        ErrorReason.NotFound => Code.NotFound,
        ErrorReason.BenchBusy or ErrorReason.PlanDoesNotFit or ErrorReason.CalibrationFailed or ErrorReason.NotResumable
            or ErrorReason.LeaseRequired or ErrorReason.LeaseHeld or ErrorReason.Fenced or ErrorReason.NotArmed => Code.FailedPrecondition,
        ErrorReason.Stale or ErrorReason.OutcomeUnknown or ErrorReason.Interrupted => Code.Aborted,
        ErrorReason.Unauthenticated => Code.Unauthenticated,
        ErrorReason.QueueFull => Code.ResourceExhausted,
        ErrorReason.DeviceUnavailable => Code.Unavailable,
        ErrorReason.DeviceFault or ErrorReason.HashMismatch => Code.DataLoss,
        ErrorReason.OutputUnwritable or ErrorReason.RoleInsufficient => Code.PermissionDenied,
        ErrorReason.Cancelled => Code.Cancelled,
        _ => Code.Internal,
    };

    /// <summary>The status of an error.</summary>
    public static Status Of(CampaignException error)
    {
        var info = new ErrorInfo { Reason = ErrorReasons.WireName(error.Reason), Domain = ErrorReasons.Domain };
        foreach ((string key, string value) in error.Metadata)
        {
            info.Metadata[key] = value;
        }

        var status = new Status { Code = (int)CodeOf(error.Reason), Message = error.Message, Details = { Any.Pack(info) } };
        if (CodeOf(error.Reason) == Code.FailedPrecondition)
        {
            status.Details.Add(Any.Pack(new PreconditionFailure
            {
                Violations =
                {
                    new PreconditionFailure.Types.Violation
                    {
                        Type = info.Reason,
                        Subject = error.Metadata.GetValueOrDefault("bench", ""),
                        Description = error.Metadata.GetValueOrDefault("holder", ""),
                    },
                },
            }));
        }

        if (RetryClasses.PauseOf(error.Reason) is { } pause)
        {
            status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(pause) }));
        }

        if (error.Fields.Length > 0)
        {
            status.Details.Add(Any.Pack(Violations(error, MostBytes - status.CalculateSize())));
        }

        return status;
    }

    /// <summary>The reason in a status; <see cref="ErrorReason.Unspecified"/> when it has none of ours.</summary>
    public static ErrorReason ReasonOf(Status status)
    {
        foreach (Any detail in status.Details)
        {
            if (detail.TryUnpack(out ErrorInfo info) && info.Domain == ErrorReasons.Domain)
            {
                return ErrorReasons.Parse(info.Reason);
            }
        }

        return ErrorReason.Unspecified;
    }

    /// <summary>The fields to blame in a status.</summary>
    public static IEnumerable<FieldError> FieldsOf(Status status)
    {
        foreach (Any detail in status.Details)
        {
            if (detail.TryUnpack(out BadRequest bad))
            {
                foreach (BadRequest.Types.FieldViolation violation in bad.FieldViolations)
                {
                    yield return new FieldError(violation.Field, violation.Description);
                }
            }
        }
    }

    private static BadRequest Violations(CampaignException error, int room)
    {
        var bad = new BadRequest();
        for (int i = 0; i < error.Fields.Length; i++)
        {
            FieldError field = error.Fields[i];
            var violation = new BadRequest.Types.FieldViolation { Field = field.Path, Description = field.Message };
            if (bad.CalculateSize() + violation.CalculateSize() + RoomForRest > room)
            {
                bad.FieldViolations.Add(new BadRequest.Types.FieldViolation
                {
                    Field = "",
                    Description = $"{error.Fields.Length - i} more errors do not fit into a reply; mend these first, or see them all with: hil bench check FILE",
                });
                break;
            }

            bad.FieldViolations.Add(violation);
        }

        return bad;
    }
}
