using AnalogHil.Cli.Models;
using AnalogHil.Cli.Sessions;
using AnalogHil.Daemon.Errors;
using AnalogHil.Rpc.Errors;
using Google.Rpc;

namespace AnalogHil.Cli.Errors;

/// <summary>An error for scripts: the last line of standard output of a command that was given --json and failed.</summary>
internal static class ErrorJson
{
    /// <summary>google.rpc.ErrorInfo.domain of what this program itself refuses.</summary>
    public const string OwnDomain = "hil";

    /// <summary>The object {"error": ...} on one line.</summary>
    public static string Of(CliException failure)
    {
        Google.Rpc.Status? status = failure is RefusedException { Status: { } refused } ? refused
            : failure.InnerException is CampaignException campaign ? ErrorStatus.Of(campaign) : null;
        return status is null
            ? Write((int)CodeOf(failure.ExitCode), OwnReason(failure.ExitCode), OwnDomain, failure.ExitCode, failure.Message, null)
            : Write(status.Code, status.GetDetail<ErrorInfo>()?.Reason ?? "", status.GetDetail<ErrorInfo>()?.Domain ?? "", failure.ExitCode,
                failure.Message, status);
    }

    /// <summary>The same for a command line that is wrong: every fault of it in one message.</summary>
    public static string OfUsage(string message) => Of(new CliException(ExitCode.Usage, message));

    /// <summary>The same for a defect.</summary>
    public static string OfDefect(Exception defect) =>
        Of(new CliException(ExitCode.Internal, $"{defect.GetType().Name}: {defect.Message}; report this defect of the program"));

    private static string Write(int code, string reason, string domain, ExitCode exit, string message, Google.Rpc.Status? status) => JsonLine.Write(json =>
    {
        MessageParts parts = MessageParts.Of(message);
        json.WriteStartObject("error");
        json.WriteNumber("code", code);
        json.WriteString("status", Named((Code)code));
        json.WriteString("reason", reason);
        json.WriteString("domain", domain);
        json.WriteNumber("exit_code", (int)exit);
        json.WriteString("message", message);
        json.WriteString("cause", Known("cause") ?? parts.Cause);
        json.WriteString("value", Known("value") ?? parts.Value);
        json.WriteString("limit", Known("limit") ?? parts.Limit);
        json.WriteString("remedy", Known("remedy") ?? parts.Remedy);
        json.WriteStartArray("fields");
        foreach (FieldError field in status is null ? [] : ErrorStatus.FieldsOf(status))
        {
            json.WriteStartObject();
            json.WriteString("path", field.Path);
            json.WriteString("message", field.Message);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("metadata");
        IEnumerable<KeyValuePair<string, string>> figures = status?.GetDetail<ErrorInfo>()?.Metadata.AsEnumerable() ?? [];
        foreach ((string key, string value) in figures.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
        if (status?.GetDetail<RetryInfo>()?.RetryDelay is { } delay)
        {
            json.WriteNumber("retry_after_s", delay.ToTimeSpan().TotalSeconds);
        }

        json.WriteEndObject();

        string? Known(string key) => status?.GetDetail<ErrorInfo>()?.Metadata.TryGetValue(key, out string? figure) == true ? figure : null;
    });

    private static string Named(Code code) =>
        string.Concat(code.ToString().Select((letter, at) => at > 0 && char.IsUpper(letter) ? "_" + letter : char.ToUpperInvariant(letter).ToString()));

    private static Code CodeOf(ExitCode exit) => exit switch
    {
        ExitCode.Usage or ExitCode.BadInput => Code.InvalidArgument,
        ExitCode.Unavailable => Code.Unavailable,
        ExitCode.CannotWrite or ExitCode.NotAllowed => Code.PermissionDenied,
        ExitCode.Stopped => Code.Aborted,
        ExitCode.DeviceFault => Code.DataLoss,
        ExitCode.DoesNotFit => Code.FailedPrecondition,
        _ => Code.Internal,
    };

    private static string OwnReason(ExitCode exit) => exit switch
    {
        ExitCode.Usage => "USAGE",
        ExitCode.BadInput => "INPUT_INVALID",
        ExitCode.Unavailable => "UNAVAILABLE",
        ExitCode.CannotWrite => "OUTPUT_UNWRITABLE",
        ExitCode.NotAllowed => "NOT_ALLOWED",
        ExitCode.Stopped => "STOPPED",
        ExitCode.DeviceFault => "DEVICE_FAULT",
        ExitCode.DoesNotFit => "DOES_NOT_FIT",
        _ => "INTERNAL",
    };
}
