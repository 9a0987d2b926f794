using System.Text;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Status = Google.Rpc.Status;

namespace AnalogHil.Rpc.Errors;

/// <summary>Errors with machine-readable details: <c>google.rpc.Status</c> in the trailer grpc-status-details-bin.</summary>
public static class RpcStatus
{
    /// <summary>Trailer that carries the details.</summary>
    public const string TrailerName = "grpc-status-details-bin";

    /// <summary>Who defines the reasons of this product's errors.</summary>
    public const string Domain = "analoghil.dev";

    /// <summary>Longest trailer, bytes of base64; peers refuse more than about 8 KiB of headers in all.</summary>
    public const int MaxTrailerLength = 6 * 1024;

    private const int MaxMessageBytes = 2 * 1024;

    /// <summary>An error of this product.</summary>
    /// <param name="code">The canonical code.</param>
    /// <param name="reason">Name of the cause, UPPER_SNAKE_CASE.</param>
    /// <param name="message">Cause, value, limit, remedy.</param>
    /// <param name="details">Messages of error_details.proto that say more; an <see cref="ErrorInfo"/> with the reason comes before them.</param>
    public static RpcException Error(StatusCode code, string reason, string message, params IEnumerable<IMessage> details)
    {
        var status = new Status { Code = (int)code, Message = message, Details = { Any.Pack(new ErrorInfo { Reason = reason, Domain = Domain }) } };
        status.Details.AddRange(details.Select(Any.Pack));
        return status.ToRpcException();
    }

    /// <summary>The exception that ends a call with this status. Details that do not fit <see cref="MaxTrailerLength"/> are left
    /// out from the end, and the message says how many.</summary>
    /// <param name="status">Code, message, details; the code must not be OK.</param>
    /// <exception cref="ArgumentException">The code is OK.</exception>
    public static RpcException ToRpcException(this Status status)
    {
        ArgumentNullException.ThrowIfNull(status);
        if (status.Code == (int)Code.Ok)
        {
            throw new ArgumentException("A status with code OK is no error; set the code.", nameof(status));
        }

        Status fitted = Fit(status);
        return new RpcException(
            new Grpc.Core.Status((StatusCode)fitted.Code, fitted.Message), new Metadata { { TrailerName, fitted.ToByteArray() } });
    }

    /// <summary>The status with details that the server sent; null: it sent none, or not a valid one.</summary>
    /// <param name="exception">The error of a call.</param>
    public static Status? GetRpcStatus(this RpcException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        if (exception.Trailers.GetValueBytes(TrailerName) is not { } bytes)
        {
            return null;
        }

        try
        {
            return Status.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    /// <summary>The first detail of a type; null: there is none.</summary>
    /// <typeparam name="T">Type of the detail, such as <see cref="ErrorInfo"/>.</typeparam>
    /// <param name="status">The status.</param>
    public static T? GetDetail<T>(this Status status)
        where T : class, IMessage<T>, new()
    {
        ArgumentNullException.ThrowIfNull(status);
        foreach (Any detail in status.Details)
        {
            if (detail.TryUnpack(out T found))
            {
                return found;
            }
        }

        return null;
    }

    private static Status Fit(Status status)
    {
        Status fitted = status.Clone();
        string message = Cut(status.Message);
        fitted.Message = message;
        while (fitted.Details.Count > 0 && TrailerLength(fitted) > MaxTrailerLength)
        {
            fitted.Details.RemoveAt(fitted.Details.Count - 1);
            fitted.Message = $"{message} ({status.Details.Count - fitted.Details.Count} of {status.Details.Count} details left out: over "
                + $"{MaxTrailerLength} bytes)";
        }

        return fitted;
    }

    private static int TrailerLength(Status status) => (status.CalculateSize() + 2) / 3 * 4;

    private static string Cut(string message)
    {
        int bytes = 0;
        var kept = new StringBuilder();
        foreach (Rune rune in message.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > MaxMessageBytes)
            {
                return kept.Append("...").ToString();
            }

            kept.Append(rune);
        }

        return message;
    }
}
