using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kuid.Client;

public partial class KuidApi
{
    // A member that nobody has set is left out: null would be a value, and the daemon refuses one where none is allowed.
    static partial void UpdateJsonSerializerSettings(JsonSerializerOptions settings) =>
        settings.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
}
