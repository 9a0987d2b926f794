using AnalogHil.Daemon.Errors;
using AnalogHil.Rpc.Errors;
using AnalogHil.V1;
using Grpc.Core;

namespace AnalogHil.Cli.Sessions;

/// <summary>What a refused call says.</summary>
internal static class RpcFailure
{
    /// <summary>The google.rpc.Status of a refused call; made of code and message where the server sent none.</summary>
    public static Google.Rpc.Status StatusOf(RpcException failure) =>
        failure.GetRpcStatus() ?? new Google.Rpc.Status { Code = (int)failure.StatusCode, Message = failure.Status.Detail };

    /// <summary>The error that ends a command.</summary>
    public static RefusedException ToError(RpcException failure) => ToError(StatusOf(failure), failure);

    /// <summary>The error that ends a command, of a call or of an operation.</summary>
    /// <param name="status">What the daemon says.</param>
    /// <param name="inner">The failed call; null: an operation ended so.</param>
    /// <param name="advice">What only this side knows; empty: nothing.</param>
    public static RefusedException ToError(Google.Rpc.Status status, Exception? inner, string advice = "")
    {
        string text = string.Join(Environment.NewLine, [.. LinesOf(status), .. advice.Length > 0 ? [advice] : Array.Empty<string>()]);
        return new RefusedException(ExitCodeOf(status), ErrorStatus.ReasonOf(status), text["hil: ".Length..], inner) { Status = status };
    }

    /// <summary>Whether the status is not one of the daemon's own: the call failed on its way.</summary>
    public static bool IsWithoutReason(Google.Rpc.Status status) => ErrorStatus.ReasonOf(status) == ErrorReason.Unspecified;

    /// <summary>What a person reads: the message, then every bad field that the message does not name already.</summary>
    public static IEnumerable<string> LinesOf(Google.Rpc.Status status)
    {
        FieldError[] fields = [.. ErrorStatus.FieldsOf(status)];
        if (fields is [{ Path.Length: > 0 } only] && only.Message == status.Message)
        {
            yield return $"hil: {only.Path}: {only.Message}";
            yield break;
        }

        yield return $"hil: {MessageOf(status)}";
        foreach (FieldError field in fields)
        {
            if (!status.Message.Contains(field.Message, StringComparison.Ordinal) || !status.Message.Contains(field.Path, StringComparison.Ordinal))
            {
                yield return $"  {field.Path}{(field.Path.Length > 0 ? ": " : "")}{field.Message}";
            }
        }
    }

    /// <summary>The message, with what to do about it where only this side knows.</summary>
    public static string MessageOf(Google.Rpc.Status status)
    {
        // A device that an operation holds comes with its own way out, which is not a campaign's.
        if (ErrorStatus.ReasonOf(status) == ErrorReason.BenchBusy && !status.Message.Contains("(hil ", StringComparison.Ordinal))
        {
            return $"{status.Message} (hil run --wait)";
        }

        if (ErrorStatus.ReasonOf(status) == ErrorReason.LeaseRequired)
        {
            return $"{status.Message} (export {Remote.RemoteOptions.LeaseVariable}=$(hil lease acquire BENCH), or --lease)";
        }

        if (IsWithoutReason(status) && (StatusCode)status.Code == StatusCode.Unavailable)
        {
            return $"{status.Message.TrimEnd('.', '?')}; start a daemon with hil daemon, or let hil doctor say what is wrong";
        }

        return IsWithoutReason(status) && (StatusCode)status.Code == StatusCode.DeadlineExceeded
            ? $"{status.Message.TrimEnd('.')}; the daemon hangs or is stopped: look at its log, and restart it"
            : status.Message;
    }

    /// <summary>Exit code of a status: by its reason, or by its code where it has none of ours.</summary>
    public static ExitCode ExitCodeOf(Google.Rpc.Status status)
    {
        ErrorReason reason = ErrorStatus.ReasonOf(status);
        if (reason != ErrorReason.Unspecified)
        {
            return ExitCodes.Of(reason);
        }

        return (StatusCode)status.Code is StatusCode.Unavailable or StatusCode.Unimplemented or StatusCode.DeadlineExceeded
            ? ExitCode.Unavailable
            : ExitCode.Internal;
    }
}
