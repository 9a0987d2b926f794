using AnalogHil.V1;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace AnalogHil.Daemon.Enforcement;

/// <summary>Where a request has its Mutation and its bench: at its top, or in the message `start` that begins a stream.</summary>
/// <param name="Start">The field that holds the two; null: the request itself does.</param>
/// <param name="Mutation">Field of type Mutation; null: none.</param>
/// <param name="Bench">Field `bench`; null: none.</param>
internal sealed record RequestFields(FieldDescriptor? Start, FieldDescriptor? Mutation, FieldDescriptor? Bench)
{
    /// <summary>Looks at a type of request.</summary>
    public static RequestFields Of(MessageDescriptor request)
    {
        FieldDescriptor? start = request.FindFieldByName("start") is { FieldType: FieldType.Message } field ? field : null;
        MessageDescriptor holder = start?.MessageType ?? request;
        return new RequestFields(
            start,
            holder.Fields.InFieldNumberOrder().FirstOrDefault(
                field => field.FieldType == FieldType.Message && !field.IsRepeated && field.MessageType == V1.Mutation.Descriptor),
            holder.FindFieldByName("bench") is { FieldType: FieldType.String, IsRepeated: false } bench ? bench : null);
    }

    /// <summary>Reads a request.</summary>
    /// <returns>Its Mutation, an empty one where it has none; its bench, empty where it names none.</returns>
    public (Mutation Mutation, string Bench) Read(IMessage request)
    {
        IMessage? holder = Start is null ? request : (IMessage?)Start.Accessor.GetValue(request);
        return holder is null
            ? (new Mutation(), "")
            : ((Mutation?)Mutation?.Accessor.GetValue(holder) ?? new Mutation(), (string?)Bench?.Accessor.GetValue(holder) ?? "");
    }
}
