using AnalogHil.V1;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace AnalogHil.Cli.Remote;

/// <summary>Replies as JSON: names as in the protos, zeros written out, so that scripts find every field.</summary>
internal static class ProtoJson
{
    private static readonly JsonFormatter Formatter = new(
        JsonFormatter.Settings.Default
            .WithPreserveProtoFieldNames(true)
            .WithFormatDefaultValues(true)
            .WithTypeRegistry(TypeRegistry.FromFiles(CampaignReflection.Descriptor,
                OperationReflection.Descriptor, PrecisionServiceReflection.Descriptor, DeploymentServiceReflection.Descriptor,
                CalibrationServiceReflection.Descriptor, Google.Rpc.ErrorDetailsReflection.Descriptor)));

    /// <summary>One line.</summary>
    public static string Of(IMessage message) => Formatter.Format(message);
}
