namespace Polls.Tests.Endpoints;

/// <summary>Unusual values: wrong types, extreme numbers and texts, and invalid JSON.</summary>
internal static class FuzzValues
{
    /// <summary>Replacements for a value. Some are valid for some types.</summary>
    public static readonly string[] Json =
    [
        "null", "true", "false", "0", "1", "2", "-1", "-0", "1.0", "1e0", "0.5", "-0.0001", "1e400", "-1e400", "1e-400", "127", "128", "32767", "32768",
        "65536", "2147483647", "2147483648", "-2147483648", "-2147483649", "4294967296", "9223372036854775807", "9223372036854775808",
        "99999999999999999999999999999999999999", "00", "01", "+1", ".5", "1.", "0x10", "1_000", "NaN", "Infinity", "-Infinity", "undefined", "'x'",
        "\"\"", "\" \"", "\"\\t\"", "\"NaN\"", "\"0\"", "\"1\"", "\"true\"", "\"null\"", "\"\\u0000\"", "\"a\\u0000b\"", "\"\\ud800\"", "\"a\\udc00b\"",
        "\"\\ud83d\\ude00\"", "\"\\ude00\\ud83d\"", "\"\\u202eabc\"", "\"\\u2066\"", "\"\\u2028\"", "\"\\ufeffx\"", "\"\\uffff\"", "\"\\u0007\"",
        "\"a\u0001b\"", "\"a\nb\"", "\"\\x41\"", "\"\\\"", "\"unterminated", "\"a\u0301\u0301\u0301\"", "\"\u00a0\"", "\"\u200b\"",
        "\"</script><script>alert(1)</script>\"", "\"'; DROP TABLE votes; --\"", "\"%s%n{0}${jndi:x}\"", "\"../../etc/passwd\"",
        "\"singleChoice\"", "\"multipleChoice\"", "\"SingleChoice\"", "\"singleChoice, multipleChoice\"", "\"hostOnly\"", "\"live,hostOnly\"",
        "\"00000000-0000-0000-0000-000000000000\"", "\"{00000000-0000-0000-0000-000000000000}\"", "\"2026-11-21T00:00:00Z\"",
        "{}", "[]", "[null]", "[[]]", "[0,0]", "[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21]", "{\"\":1}", "{\"a\":{\"a\":{}}}", "[1,]", "{\"a\":1,}",
        "/* */ 1", "1 // x", "",
    ];

    /// <summary>Replacements for a path parameter, already encoded.</summary>
    public static readonly string[] Segments =
    [
        "0", "-1", "000000", "999999", "1234567", "12345", "%20", "123456%20", "%D9%A1%D9%A2%D9%A3%D9%A4%D9%A5%D9%A6", "'%20OR%20'1'='1", "%22", "%0d%0aX:y",
        "%E2%80%AE", "%F0%9F%98%80", "%ED%A0%80", "%FF", "%C0%AF", "%7F", "%2F", "%5C", "a%2Fb", "{0}", "$%7Bjndi:x%7D", "%25", "%2500", "null", "undefined", "NaN",
        "00000000-0000-0000-0000-000000000000", "%7B00000000-0000-0000-0000-000000000000%7D", "00000000000000000000000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff",
        "0193-4", "~", "...", ";a=b", "1,2", "*", "|", "<x>", "order", "polls", "%E0%A4%A", "%", "%zz",
    ];

    /// <summary>Replacements for a query value.</summary>
    public static readonly string[] QueryValues =
    [
        "", "one", "-1", "%20", "1e3", "0x1", "1.0", "2147483648", "-2147483649", "99999999999999999999", "%00", "%FF", "%D9%A1", "NaN", "null", "[]", "%7B%7D", "1%002",
        "1&revision=2", "1,2", "%F0%9F%98%80", "'", "%0d%0a",
    ];

    /// <summary>Wrong content types for a body.</summary>
    public static readonly string[] MediaTypes =
    [
        "text/plain", "text/html", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "multipart/form-data", "application/octet-stream",
        "application/json; charset=utf-7", "application/json; charset=utf-16", "application/json; charset=utf-32", "application/json; charset=none-such",
        "application/json; charset=\"\"", "application/json; charset", "application/json; charset=iso-8859-1", "application/json;;;", "application/json, text/plain",
        "application/problem+json", "application/jsonp", "json", "/", "*/*", "",
    ];
}
