using Google.Protobuf.Collections;
using Google.Protobuf.Reflection;

namespace AnalogHil.Daemon.Tests.Contract;

/// <summary>What of a released contract a newer one takes away or changes: what would break clients built against the old one.</summary>
internal static class BreakingChanges
{
    /// <summary>Every break of one file, a line each.</summary>
    public static IEnumerable<string> Of(FileDescriptorProto old, FileDescriptorProto now) =>
    [
        .. old.Package == now.Package ? [] : new[] { $"{old.Name}: package {old.Package} became {now.Package}" },
        .. Messages(old.Package, old.MessageType, now.MessageType),
        .. Enums(old.Package, old.EnumType, now.EnumType),
        .. Services(old.Package, old.Service, now.Service),
    ];

    private static IEnumerable<string> Messages(string scope, RepeatedField<DescriptorProto> old, RepeatedField<DescriptorProto> now)
    {
        foreach (DescriptorProto before in old)
        {
            string name = $"{scope}.{before.Name}";
            if (now.FirstOrDefault(message => message.Name == before.Name) is not { } after)
            {
                yield return $"message {name} is gone";
                continue;
            }

            IEnumerable<string> within = Fields(name, before, after).Concat(Messages(name, before.NestedType, after.NestedType)).Concat(Enums(name, before.EnumType, after.EnumType));
            foreach (string change in within)
            {
                yield return change;
            }
        }
    }

    private static IEnumerable<string> Fields(string scope, DescriptorProto old, DescriptorProto now)
    {
        foreach (FieldDescriptorProto before in old.Field)
        {
            string name = $"{scope}.{before.Name}";
            if (now.Field.FirstOrDefault(field => field.Number == before.Number) is not { } after)
            {
                yield return $"field {name} = {before.Number} is gone";
                continue;
            }

            string was = Shape(before, old), became = Shape(after, now);
            if (was != became)
            {
                yield return $"field {name} = {before.Number} was {was}, is {became}";
            }
        }
    }

    private static string Shape(FieldDescriptorProto field, DescriptorProto message) =>
        $"{field.Label} {field.Type} {field.TypeName} {field.Name}{(field.HasOneofIndex ? " in " + message.OneofDecl[field.OneofIndex].Name : "")}{(field.Proto3Optional ? " optional" : "")}";

    private static IEnumerable<string> Enums(string scope, RepeatedField<EnumDescriptorProto> old, RepeatedField<EnumDescriptorProto> now)
    {
        foreach (EnumDescriptorProto before in old)
        {
            EnumDescriptorProto? after = now.FirstOrDefault(candidate => candidate.Name == before.Name);
            if (after is null)
            {
                yield return $"enum {scope}.{before.Name} is gone";
                continue;
            }

            foreach (EnumValueDescriptorProto value in before.Value)
            {
                if (!after.Value.Any(candidate => candidate.Number == value.Number && candidate.Name == value.Name))
                {
                    yield return $"value {scope}.{before.Name}.{value.Name} = {value.Number} is gone or has another name";
                }
            }
        }
    }

    private static IEnumerable<string> Services(string scope, RepeatedField<ServiceDescriptorProto> old, RepeatedField<ServiceDescriptorProto> now)
    {
        foreach (ServiceDescriptorProto before in old)
        {
            ServiceDescriptorProto? after = now.FirstOrDefault(service => service.Name == before.Name);
            foreach (MethodDescriptorProto method in before.Method)
            {
                MethodDescriptorProto? same = after?.Method.FirstOrDefault(candidate => candidate.Name == method.Name);
                if (same is null)
                {
                    yield return $"method {scope}.{before.Name}.{method.Name} is gone";
                }
                else if (Signature(same) != Signature(method))
                {
                    yield return $"method {scope}.{before.Name}.{method.Name} was {Signature(method)}, is {Signature(same)}";
                }
            }
        }
    }

    private static string Signature(MethodDescriptorProto method) =>
        $"({(method.ClientStreaming ? "stream " : "")}{method.InputType}) returns ({(method.ServerStreaming ? "stream " : "")}{method.OutputType})";
}
