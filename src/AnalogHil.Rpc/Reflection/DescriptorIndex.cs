using Google.Protobuf.Reflection;

namespace AnalogHil.Rpc.Reflection;

/// <summary>Finds the proto files of the services by file name, by symbol and by extension.</summary>
internal sealed class DescriptorIndex
{
    private readonly Dictionary<string, FileDescriptor> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FileDescriptor> _symbols = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedDictionary<int, FileDescriptor>> _extensions = new(StringComparer.Ordinal);

    public DescriptorIndex(IEnumerable<ServiceDescriptor> services)
    {
        foreach (ServiceDescriptor service in services)
        {
            AddFile(service.File);
        }
    }

    /// <summary>The file of that name; null: none.</summary>
    public FileDescriptor? File(string name) => _files.GetValueOrDefault(name);

    /// <summary>The file that declares a symbol, given by its full name; null: none.</summary>
    public FileDescriptor? Declaring(string symbol) => _symbols.GetValueOrDefault(symbol);

    /// <summary>The file that declares an extension of a message; null: none.</summary>
    public FileDescriptor? Extending(string message, int number) => _extensions.GetValueOrDefault(message)?.GetValueOrDefault(number);

    /// <summary>Numbers of a message's extensions, ascending; null: there is no such message.</summary>
    public IReadOnlyCollection<int>? ExtensionNumbers(string message) =>
        _extensions.TryGetValue(message, out SortedDictionary<int, FileDescriptor>? numbers) ? numbers.Keys : _symbols.ContainsKey(message) ? [] : null;

    /// <summary>A file and everything it imports, each once, the file first.</summary>
    public static IReadOnlyCollection<FileDescriptor> WithImports(FileDescriptor file)
    {
        var found = new Dictionary<string, FileDescriptor>(StringComparer.Ordinal) { [file.Name] = file };
        var open = new Queue<FileDescriptor>([file]);
        while (open.TryDequeue(out FileDescriptor? next))
        {
            foreach (FileDescriptor import in next.Dependencies)
            {
                if (found.TryAdd(import.Name, import))
                {
                    open.Enqueue(import);
                }
            }
        }

        return found.Values;
    }

    private void AddFile(FileDescriptor file)
    {
        if (!_files.TryAdd(file.Name, file))
        {
            return;
        }

        foreach (FileDescriptor import in file.Dependencies)
        {
            AddFile(import);
        }

        foreach (ServiceDescriptor service in file.Services)
        {
            Add(service);
            foreach (MethodDescriptor method in service.Methods)
            {
                Add(method);
            }
        }

        AddExtensions(file.Extensions);
        foreach (EnumDescriptor type in file.EnumTypes)
        {
            AddEnum(type);
        }

        foreach (MessageDescriptor message in file.MessageTypes)
        {
            AddMessage(message);
        }
    }

    private void Add(IDescriptor symbol) => _symbols.TryAdd(symbol.FullName, symbol.File);

    private void AddMessage(MessageDescriptor message)
    {
        Add(message);
        foreach (IDescriptor part in message.Fields.InDeclarationOrder().Cast<IDescriptor>().Concat(message.Oneofs))
        {
            Add(part);
        }

        AddExtensions(message.Extensions);
        foreach (EnumDescriptor type in message.EnumTypes)
        {
            AddEnum(type);
        }

        foreach (MessageDescriptor nested in message.NestedTypes)
        {
            AddMessage(nested);
        }
    }

    private void AddEnum(EnumDescriptor type)
    {
        Add(type);
        foreach (EnumValueDescriptor value in type.Values)
        {
            Add(value);
        }
    }

    private void AddExtensions(ExtensionCollection extensions)
    {
        foreach (FieldDescriptor extension in extensions.UnorderedExtensions)
        {
            Add(extension);
            string message = extension.ExtendeeType.FullName;
            if (!_extensions.TryGetValue(message, out SortedDictionary<int, FileDescriptor>? numbers))
            {
                _extensions[message] = numbers = [];
            }

            numbers.TryAdd(extension.FieldNumber, extension.File);
        }
    }
}
