# Needs of its host what ours does not have.
package pawl

decision if {
	time.now_ns() > 0
	http.send({"method": "get", "url": "http://localhost/"}).status_code == 200
}
