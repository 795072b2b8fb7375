-- Ends a session if it belongs to the connection.
--
-- KEYS[1]  the session
-- ARGV[1]  connection id
-- Returns 1 if the session ended, 0 if it belongs to another connection or does not exist.
if redis.call('HGET', KEYS[1], 'conn') ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
